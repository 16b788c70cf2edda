import { parseInteger } from './settings';
import { badValue } from './xl-config-error';

/** Devices of an I2C bus that NXP's Xen shares with the guest (xen-abi reference 18). */
export interface Vi2cSpec {
  /** Name or number of the domain that has the bus. */
  readonly backendDomain: string;
  /** The bus as that domain calls it, such as `5a800000.i2c`. */
  readonly adapter: string;
  /** 7-bit addresses. */
  readonly addresses: readonly number[];
}

/** `backend=0,be-adapter=5a800000.i2c,slaves=0x51;0x52`. Throws XlConfigError `E_XLCFG_VALUE`. */
export function parseVi2cSpec(text: string, line: number): Vi2cSpec {
  const fields = new Map<string, string>();
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue;
    const equals = item.indexOf('=');
    const key = item.slice(0, equals).trim();
    if (equals < 1 || !['backend', 'be-adapter', 'slaves'].includes(key)) {
      throw fail(text, line, `'${item}' is not backend=, be-adapter= or slaves=`);
    }
    fields.set(key, item.slice(equals + 1).trim());
  }
  const adapter = fields.get('be-adapter');
  if (!adapter) throw fail(text, line, 'be-adapter= names the bus');
  const addresses = (fields.get('slaves') ?? '')
    .split(';')
    .map((address) => address.trim())
    .filter((address) => address !== '')
    .map((address) => {
      const number = parseInteger(address);
      if (number !== undefined && number >= 0x03 && number <= 0x77) return number;
      throw fail(text, line, `'${address}' is no address of an I2C device: they are 0x03 to 0x77`);
    });
  if (addresses.length === 0) throw fail(text, line, 'slaves= has the addresses of the devices');
  return { backendDomain: fields.get('backend') || '0', adapter, addresses };
}

function fail(text: string, line: number, hint: string) {
  return badValue(`xl: Invalid argument parsing vi2c: ${text}`, 'vi2c', line, hint);
}
