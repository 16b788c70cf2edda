/**
 * Frames of the board protocol (docs/wire.md): a 12-byte header and a payload, little-endian.
 *
 *     u32 payload length   u32 request id   u16 operation   u16 errno (0 in requests and in answers that succeeded)
 */
import { WireError } from './wire-error';

export const FRAME_HEADER_BYTES = 12;

/** Enough for the largest image that a cell of the boards' RAM sizes is loaded with in one call. */
export const MAX_PAYLOAD_BYTES = 128 * 1024 * 1024;

export interface Frame {
  readonly requestId: number;
  readonly operation: number;
  readonly errno: number;
  readonly payload: Uint8Array;
}

export function encodeFrameHeader(
  payloadBytes: number,
  requestId: number,
  operation: number,
  errno: number,
): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, payloadBytes, true);
  view.setUint32(4, requestId, true);
  view.setUint16(8, operation, true);
  view.setUint16(10, errno, true);
  return header;
}

/** One frame from the pieces of its payload, without a copy of large pieces. */
export function encodeFrame(
  requestId: number,
  operation: number,
  errno: number,
  payload: readonly Uint8Array[],
  maxPayloadBytes = MAX_PAYLOAD_BYTES,
): Uint8Array[] {
  const payloadBytes = payload.reduce((sum, piece) => sum + piece.length, 0);
  if (payloadBytes > maxPayloadBytes)
    throw new WireError(`a payload of ${payloadBytes} bytes is over the limit of ${maxPayloadBytes}`);
  return [encodeFrameHeader(payloadBytes, requestId, operation, errno), ...payload];
}

/** Cuts a byte stream into frames. Memory grows with the bytes that arrived, never with the length that a header claims. */
export class FrameDecoder {
  private chunks: Uint8Array[] = [];
  private bufferedBytes = 0;
  /** What must have arrived before the next step: a header, or a header and its payload. */
  private neededBytes = FRAME_HEADER_BYTES;

  constructor(private readonly maxPayloadBytes = MAX_PAYLOAD_BYTES) {}

  /** @throws WireError for a payload over the limit; the stream is useless from there on */
  *push(chunk: Uint8Array): Generator<Frame, void, undefined> {
    this.chunks.push(chunk);
    this.bufferedBytes += chunk.length;
    while (this.bufferedBytes >= this.neededBytes) {
      const bytes = this.joined();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const payloadBytes = view.getUint32(0, true);
      if (payloadBytes > this.maxPayloadBytes) {
        throw new WireError(`a payload of ${payloadBytes} bytes is over the limit of ${this.maxPayloadBytes}`);
      }
      const frameBytes = FRAME_HEADER_BYTES + payloadBytes;
      if (bytes.length < frameBytes) {
        this.neededBytes = frameBytes;
        return;
      }
      const frame = {
        requestId: view.getUint32(4, true),
        operation: view.getUint16(8, true),
        errno: view.getUint16(10, true),
        payload: bytes.subarray(FRAME_HEADER_BYTES, frameBytes),
      };
      this.bufferedBytes = bytes.length - frameBytes;
      this.chunks = this.bufferedBytes > 0 ? [bytes.subarray(frameBytes)] : [];
      this.neededBytes = FRAME_HEADER_BYTES;
      yield frame;
    }
  }

  /** True when the stream stands between two frames. */
  get isAtBoundary(): boolean {
    return this.bufferedBytes === 0;
  }

  private joined(): Uint8Array {
    const [only] = this.chunks;
    if (this.chunks.length === 1 && only !== undefined) return only;
    const bytes = new Uint8Array(this.bufferedBytes);
    let offset = 0;
    for (const chunk of this.chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    this.chunks = [bytes];
    return bytes;
  }
}
