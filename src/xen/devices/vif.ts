import { generateMac } from '../config/identity';
import { DeviceState, deviceError, frontendPath } from './device';
import type { VifSpec } from '../config/vif-spec';
import type { DevicePlan } from './device';

const SCRIPT_FOLDER = '/etc/xen/scripts';
const DEFAULT_SCRIPT = 'vif-bridge';
const DEFAULT_BRIDGE = 'xenbr0';
/** The script changes it to the bridge's. */
const DEFAULT_MTU = 1500;

/**
 * What to write and run for an interface (xen-abi reference 13; the optional nodes as seen from Xen 4.17's xl).
 * @param backendDomid what the interface's `backendDomain` stands for
 * @throws CellvisorError `E_XEN_DEVICE` for one that only a device model could give
 */
export function planVif(domid: number, vif: VifSpec, backendDomid = 0): DevicePlan {
  const { deviceId: devid, mac = generateMac(), bridge = DEFAULT_BRIDGE } = vif;
  const address = { kind: 'vif', domid, devid, backendDomid } as const;
  if (vif.type === 'ioemu') {
    throw deviceError(address, 'type=ioemu needs a device model', { errno: 'EINVAL', hint: 'leave type= out' });
  }
  const script = scriptPath(vif.script ?? DEFAULT_SCRIPT);
  const name = `vif${domid}.${devid}`;
  return {
    ...address,
    backend: [
      ['frontend', frontendPath(address)],
      ['frontend-id', String(domid)],
      ['online', '1'],
      ['state', DeviceState.initialising],
      ['script', script],
      ...optional('vifname', vif.interfaceName),
      ['mac', mac],
      ...optional('ip', vif.ip),
      ...optional('rate', vif.rate && `${vif.rate.bytesPerInterval},${vif.rate.intervalMicroseconds}`),
      ...optional('gatewaydev', vif.gatewayDevice),
      ...optional('mtu', vif.mtu?.toString()),
      ['bridge', bridge],
      ['handle', String(devid)],
      ['type', 'vif'],
      ['hotplug-status', ''],
    ],
    frontend: [
      ['backend-id', String(backendDomid)],
      ['state', DeviceState.initialising],
      ['handle', String(devid)],
      ['mac', mac],
      ['trusted', vif.isTrusted === false ? '0' : '1'],
    ],
    readOnlyFrontend: [['mtu', String(vif.mtu ?? DEFAULT_MTU)]],
    hotplug: {
      script,
      online: ['online', 'type_if=vif'],
      offline: ['offline', 'type_if=vif'],
      environment: { netdev: name, vif: name },
    },
    hint: `the interface's bridge is ${bridge}: does it exist?`,
  };
}

export function scriptPath(script: string): string {
  return script.startsWith('/') ? script : `${SCRIPT_FOLDER}/${script}`;
}

function optional(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
