import { randomBytes } from '../../random';

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const MAC = /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i;

/** In small letters and with its four dashes; undefined when it is no UUID. */
export function normalizeUuid(text: string): string | undefined {
  if (!UUID.test(text)) return undefined;
  return text
    .replaceAll('-', '')
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A random one: version 4 of RFC 9562. */
export function generateUuid(): string {
  const bytes = Buffer.from(randomBytes(16));
  bytes.writeUInt8(0x40 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return normalizeUuid(bytes.toString('hex')) as string;
}

/** In small letters, two digits a byte; undefined when it is no MAC address. */
export function normalizeMac(text: string): string | undefined {
  if (!MAC.test(text)) return undefined;
  return text
    .split(':')
    .map((byte) => byte.padStart(2, '0').toLowerCase())
    .join(':');
}

/** Of the range that belongs to Xen, 00:16:3e, of which the last three bytes are random (xen-abi reference 19). */
export function generateMac(): string {
  const [a = 0, b = 0, c = 0] = randomBytes(3);
  return [0x00, 0x16, 0x3e, a & 0x7f, b, c].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
