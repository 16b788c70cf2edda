import { WireError } from './wire-error';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a payload field by field; every read is checked against what is left. */
export class PayloadReader {
  private offset = 0;
  private readonly view: DataView;

  constructor(private readonly payload: Uint8Array) {
    this.view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  }

  u32(field: string): number {
    const at = this.take(4, field);
    return this.view.getUint32(at, true);
  }

  u64(field: string): bigint {
    const at = this.take(8, field);
    return this.view.getBigUint64(at, true);
  }

  /** A u64 that fits a JavaScript number exactly. */
  size(field: string): number {
    const value = this.u64(field);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireError(`${field} is out of range`);
    return Number(value);
  }

  bytes(lengthBytes: number, field: string): Uint8Array {
    const at = this.take(lengthBytes, field);
    return this.payload.subarray(at, at + lengthBytes);
  }

  rest(): Uint8Array {
    return this.bytes(this.payload.length - this.offset, 'rest');
  }

  /** Everything that is left, as UTF-8 text. */
  text(field: string): string {
    try {
      return decoder.decode(this.rest());
    } catch {
      throw new WireError(`${field} is not UTF-8`);
    }
  }

  /** Everything that is left, as a path. */
  path(): string {
    const path = this.text('path');
    if (path.length === 0 || path.includes('\0')) throw new WireError('a path must be non-empty text without NUL');
    return path;
  }

  end(): void {
    const left = this.payload.length - this.offset;
    if (left !== 0) throw new WireError(`${left} bytes too many`);
  }

  private take(lengthBytes: number, field: string): number {
    const at = this.offset;
    if (this.payload.length - at < lengthBytes) throw new WireError(`the message ends within ${field}`);
    this.offset = at + lengthBytes;
    return at;
  }
}

/** Little-endian words: `words(1, 2n)` is a u32 followed by a u64. */
export function words(...values: readonly (number | bigint)[]): Uint8Array {
  const sizeBytes = values.reduce<number>((sum, value) => sum + (typeof value === 'bigint' ? 8 : 4), 0);
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const value of values) {
    if (typeof value === 'bigint') {
      view.setBigUint64(offset, value, true);
      offset += 8;
    } else {
      view.setUint32(offset, value, true);
      offset += 4;
    }
  }
  return bytes;
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
