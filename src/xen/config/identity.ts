import { readFileSync } from 'node:fs';
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

/** A random one of the kernel's (random(4)): another each time it is read. */
export function generateUuid(): string {
  return readFileSync('/proc/sys/kernel/random/uuid', 'latin1').trim();
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
