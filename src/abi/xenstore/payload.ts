/** Payloads of xenstore's messages (xen-abi reference 12): texts that each end with a NUL, or bytes. */
import { isErrnoName } from '../../errno';
import { XenstoreProtocolError } from './protocol-error';
import type { ErrnoName } from '../../errno';

const encoder = new TextEncoder();
/** Node names are ASCII; values are bytes, which other programs may have filled with anything. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts, each followed by a NUL. */
export function encodeTexts(...texts: readonly string[]): Uint8Array {
  return encoder.encode(texts.map((text) => `${text}\0`).join(''));
}

/** The payload of a write: the path, a NUL, and the value without any end mark. */
export function encodeWrite(path: string, value: string | Uint8Array): Uint8Array {
  const name = encodeTexts(path);
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  const payload = new Uint8Array(name.length + bytes.length);
  payload.set(name);
  payload.set(bytes, name.length);
  return payload;
}

export function decodeWrite(payload: Uint8Array): { readonly path: string; readonly value: Uint8Array } {
  const end = payload.indexOf(0);
  if (end < 0) throw new XenstoreProtocolError('a path ends with a NUL');
  return { path: decoder.decode(payload.subarray(0, end)), value: payload.slice(end + 1) };
}

/** Texts that each end with a NUL. An empty payload has none. */
export function decodeTexts(payload: Uint8Array): string[] {
  const texts = decoder.decode(payload).split('\0');
  if (texts.pop() !== '') throw new XenstoreProtocolError('a list of texts ends with a NUL');
  return texts;
}

/** A value as text. */
export function decodeValue(payload: Uint8Array): string {
  return decoder.decode(payload);
}

/** One text with its NUL, such as the path of a domain. */
export function decodeText(payload: Uint8Array): string {
  const [text, ...more] = decodeTexts(payload);
  if (text === undefined || more.length > 0) throw new XenstoreProtocolError('this answer is one text');
  return text;
}

/** The number of a transaction that was started: never 0. */
export function decodeTransactionId(payload: Uint8Array): number {
  const text = decodeText(payload);
  const id = Number(text);
  if (!/^\d{1,10}$/.test(text) || id === 0 || id > 0xffff_ffff) {
    throw new XenstoreProtocolError(`'${text}' is no number of a transaction`);
  }
  return id;
}

export function decodeTruth(payload: Uint8Array): boolean {
  const text = decodeText(payload);
  if (text !== 'T' && text !== 'F') throw new XenstoreProtocolError(`'${text}' is neither T nor F`);
  return text === 'T';
}

export interface WatchEvent {
  /** What changed: the watched path, one below it, or a special one such as `@releaseDomain`. */
  readonly path: string;
  readonly token: string;
}

export function decodeWatchEvent(payload: Uint8Array): WatchEvent {
  const [path, token] = decodeTexts(payload);
  if (path === undefined || token === undefined) throw new XenstoreProtocolError('a watch event is a path and a token');
  return { path, token };
}

/** A part of a long directory. */
export interface DirectoryPart {
  /** Another one in the next part: the directory has changed, and the list must be read again from its start. */
  readonly generation: string;
  readonly names: readonly string[];
  /** What the names of this part take of the whole list: the next part's offset is this much further on. */
  readonly lengthBytes: number;
  readonly isLast: boolean;
}

/** The generation, names, and after the last name an empty text. */
export function decodeDirectoryPart(payload: Uint8Array): DirectoryPart {
  const [generation, ...names] = decodeTexts(payload);
  if (generation === undefined || !/^\d+$/.test(generation)) {
    throw new XenstoreProtocolError('a part of a directory begins with its generation');
  }
  const isLast = names.at(-1) === '';
  if (isLast) names.pop();
  if (names.includes('') || (names.length === 0 && !isLast)) {
    throw new XenstoreProtocolError('a part of a directory has a name that is empty');
  }
  const lengthBytes = encodeTexts(...names).length;
  return { generation, names, lengthBytes, isLast };
}

/** The errno of an answer that is an error: EIO where Linux knows no such name. */
export function decodeErrno(payload: Uint8Array): ErrnoName {
  const [name = ''] = decodeTexts(payload);
  if (isErrnoName(name)) return name;
  // EQUOTA and its like: more than a domain may have.
  return name === 'EQUOTA' ? 'ENOSPC' : 'EIO';
}
