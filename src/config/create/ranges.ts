import type { MemoryRange } from '../../boards';

export const PAGE_BYTES = 0x1000n;

/** The address behind the last byte. */
export function endOf({ physStart, sizeBytes }: MemoryRange): bigint {
  return physStart + sizeBytes;
}

/** @param end the address behind the last byte */
export function rangeBetween(start: bigint, end: bigint): MemoryRange {
  return { physStart: start, sizeBytes: end - start };
}

export function overlaps(a: MemoryRange, b: MemoryRange): boolean {
  return a.physStart < endOf(b) && b.physStart < endOf(a);
}

export function isWithin(inner: MemoryRange, outer: MemoryRange): boolean {
  return inner.physStart >= outer.physStart && endOf(inner) <= endOf(outer);
}

export function alignDown(address: bigint, alignment: bigint): bigint {
  return address - (address % alignment);
}

export function alignUp(address: bigint, alignment: bigint): bigint {
  return alignDown(address + alignment - 1n, alignment);
}

/** The pages that the range touches. */
export function toPages(range: MemoryRange): MemoryRange {
  return rangeBetween(alignDown(range.physStart, PAGE_BYTES), alignUp(endOf(range), PAGE_BYTES));
}

/** The same addresses by fewest ranges, in order. */
export function merge(ranges: readonly MemoryRange[]): MemoryRange[] {
  const merged: MemoryRange[] = [];
  for (const range of ranges.filter(({ sizeBytes }) => sizeBytes > 0n).sort(byStart)) {
    const last = merged.at(-1);
    if (last && range.physStart <= endOf(last)) {
      merged[merged.length - 1] = rangeBetween(last.physStart, maximum(endOf(last), endOf(range)));
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** What is left of the ranges without the others, in order. */
export function subtract(ranges: readonly MemoryRange[], others: readonly MemoryRange[]): MemoryRange[] {
  const holes = merge(others);
  return merge(ranges).flatMap((range) => {
    const pieces: MemoryRange[] = [];
    let start = range.physStart;
    for (const hole of holes.filter((one) => overlaps(one, range))) {
      if (hole.physStart > start) pieces.push(rangeBetween(start, hole.physStart));
      start = maximum(start, endOf(hole));
    }
    return start < endOf(range) ? [...pieces, rangeBetween(start, endOf(range))] : pieces;
  });
}

/** `0xb7c00000-0xb7ffffff`, as the kernel shows ranges. */
export function showRange(range: MemoryRange): string {
  return `0x${range.physStart.toString(16)}-0x${(endOf(range) - 1n).toString(16)}`;
}

function byStart(a: MemoryRange, b: MemoryRange): number {
  return a.physStart < b.physStart ? -1 : a.physStart > b.physStart ? 1 : 0;
}

function maximum(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
