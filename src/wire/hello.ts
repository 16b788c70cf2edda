/**
 * The first message of a connection: u32 magic, u32 protocol version; the answer has the same form. A client need not wait
 * for the answer before it sends requests. Where the versions differ the board answers EPROTONOSUPPORT, tells its own
 * version, and closes.
 */
import { PayloadReader, words } from './payload';
import { WireError } from './wire-error';

/** `CLVS` as a little-endian word. */
const MAGIC = 0x53564c43;
export const PROTOCOL_VERSION = 1;

export function encodeHello(version = PROTOCOL_VERSION): Uint8Array[] {
  return [words(MAGIC, version)];
}

/** @returns the other side's protocol version */
export function decodeHello(payload: Uint8Array): number {
  const reader = new PayloadReader(payload);
  if (reader.u32('magic') !== MAGIC) throw new WireError('the other side does not speak the board protocol');
  const version = reader.u32('version');
  reader.end();
  return version;
}
