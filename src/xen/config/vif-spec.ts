import { normalizeMac } from './identity';
import { parseRate } from './rate';
import { parseInteger } from './settings';
import type { RateLimit } from './rate';

/** One network interface, as xl-network-configuration(5) describes it. */
export interface VifSpec {
  /** Its number in the guest. */
  readonly deviceId: number;
  /** Made at random when absent. */
  readonly mac?: string | undefined;
  readonly bridge?: string | undefined;
  readonly ip?: string | undefined;
  /** The hotplug script; `vif-bridge` when absent. */
  readonly script?: string | undefined;
  /** The interface's name in the backend's domain; `vifDOMID.DEVICEID` when absent. */
  readonly interfaceName?: string | undefined;
  readonly model?: string | undefined;
  readonly type?: 'vif' | 'ioemu' | undefined;
  /** Name or number of the domain that serves it; Domain-0 when absent. */
  readonly backendDomain?: string | undefined;
  readonly gatewayDevice?: string | undefined;
  readonly mtu?: number | undefined;
  readonly rate?: RateLimit | undefined;
  readonly isTrusted?: boolean | undefined;
}

/**
 * A comma-separated list of key=value. What is not known, or means nothing, is warned about in the C tool's words, and has
 * no effect (xen-abi reference 19).
 * @param index of the interface in its list: its device id, unless it has one of its own
 * @throws XlConfigError `E_XLCFG_VALUE` for a rate that is none
 */
export function parseVifSpec(text: string, index: number, file: string, warn: (line: string) => void): VifSpec {
  let vif: VifSpec = { deviceId: index };
  for (const item of text.split(',').map((part) => part.trimStart())) {
    if (item === '') continue;
    const [, key = item, value] = /^([a-z]+)=(.*)$/s.exec(item) ?? [];
    const parsed = parseItem(key, value, file);
    if (parsed === 'unknown') warn(`unrecognized argument \`${item}'`);
    else if (parsed === 'invalid') warn(`Invalid parameter \`${key}'.`);
    else vif = { ...vif, ...parsed };
  }
  return vif;
}

function parseItem(key: string, value: string | undefined, file: string): Partial<VifSpec> | 'unknown' | 'invalid' {
  if (value === undefined) {
    return key === 'trusted' || key === 'untrusted' ? { isTrusted: key === 'trusted' } : 'unknown';
  }
  switch (key) {
    case 'mac': {
      const mac = normalizeMac(value);
      return mac === undefined ? 'invalid' : { mac };
    }
    case 'type':
      return value === 'vif' || value === 'ioemu' ? { type: value } : 'invalid';
    case 'bridge':
    case 'ip':
    case 'script':
    case 'model':
      return { [key]: value };
    case 'vifname':
      return { interfaceName: value };
    case 'backend':
      return { backendDomain: value };
    case 'gatewaydev':
      return { gatewayDevice: value };
    case 'rate':
      return { rate: parseRate(value, file) };
    case 'mtu':
    case 'devid': {
      const number = parseInteger(value);
      if (number === undefined || number < 0 || number > 0xffff) return 'invalid';
      return key === 'mtu' ? { mtu: number } : { deviceId: number };
    }
    default:
      return 'unknown';
  }
}
