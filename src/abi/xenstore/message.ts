/**
 * The messages of xenstore's wire protocol (xen-abi reference 12): a header of four little-endian words and a payload.
 *
 *     u32 type   u32 request id   u32 transaction id (0: none)   u32 payload length
 *
 * The same bytes go over xenstored's socket, over /dev/xen/xenbus and over a domain's ring page.
 */
import { XenstoreProtocolError } from './protocol-error';

export const HEADER_BYTES = 16;
/** Neither a request nor an answer may carry more. */
export const MAX_PAYLOAD_BYTES = 4096;

export const MessageType = {
  control: 0,
  directory: 1,
  read: 2,
  getPermissions: 3,
  watch: 4,
  unwatch: 5,
  transactionStart: 6,
  transactionEnd: 7,
  introduce: 8,
  release: 9,
  getDomainPath: 10,
  write: 11,
  mkdir: 12,
  rm: 13,
  setPermissions: 14,
  watchEvent: 15,
  error: 16,
  isDomainIntroduced: 17,
  resume: 18,
  setTarget: 19,
  resetWatches: 21,
  directoryPart: 22,
} as const;

export type RequestName = Exclude<keyof typeof MessageType, 'watchEvent' | 'error'>;

export interface Message {
  /** One of {@link MessageType}, or a number that this table does not know. */
  readonly type: number;
  readonly requestId: number;
  readonly transactionId: number;
  readonly payload: Uint8Array;
}

/** A message as one piece, because /dev/xen/xenbus wants each in a write of its own. */
export function encodeMessage({ type, requestId, transactionId, payload }: Message): Uint8Array {
  if (payload.length > MAX_PAYLOAD_BYTES) throw new XenstoreProtocolError(tooLong(payload.length));
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, requestId, true);
  view.setUint32(8, transactionId, true);
  view.setUint32(12, payload.length, true);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Cuts a stream of bytes into messages. It never holds more than one message that is not whole. */
export class MessageDecoder {
  private buffered: Uint8Array = new Uint8Array(0);

  /** @throws XenstoreProtocolError for a payload over the limit; the stream is useless from there on */
  *push(chunk: Uint8Array): Generator<Message, void, undefined> {
    let bytes = this.buffered.length === 0 ? chunk : joined(this.buffered, chunk);
    this.buffered = new Uint8Array(0);
    while (bytes.length >= HEADER_BYTES) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const payloadBytes = view.getUint32(12, true);
      if (payloadBytes > MAX_PAYLOAD_BYTES) throw new XenstoreProtocolError(tooLong(payloadBytes));
      const end = HEADER_BYTES + payloadBytes;
      if (bytes.length < end) break;
      const message = {
        type: view.getUint32(0, true),
        requestId: view.getUint32(4, true),
        transactionId: view.getUint32(8, true),
        // A copy: what a reader keeps must not hold, or change with, the buffer of the stream.
        payload: bytes.slice(HEADER_BYTES, end),
      };
      bytes = bytes.subarray(end);
      yield message;
    }
    this.buffered = bytes.slice();
  }
}

function tooLong(payloadBytes: number): string {
  return `a payload of ${payloadBytes} bytes is over the limit of ${MAX_PAYLOAD_BYTES}`;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
