import { u32, u64 } from '../field';
import { StructLayout } from '../layout';
import { gap } from './gap';

export interface BitmapHandle {
  readonly address: bigint;
  readonly bitCount: number;
}

/** `struct xenctl_bitmap`: the bytes stand elsewhere, the lowest bits in the first (xen-abi reference 5). */
export const bitmapLayout = new StructLayout<BitmapHandle>('xenctl_bitmap', [u64('address'), u32('bitCount'), gap(4)]);

export function encodeBits(numbers: Iterable<number>, bitCount: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bitCount / 8));
  for (const number of numbers) {
    if (number < bitCount) bytes[number >> 3] = (bytes[number >> 3] as number) | (1 << (number & 7));
  }
  return bytes;
}

export function decodeBits(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  bytes.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1) if (byte & (1 << bit)) numbers.push(8 * index + bit);
  });
  return numbers;
}
