/** Physical addresses from `start` up to, and without, `end`. */
export interface MemoryRange {
  readonly start: bigint;
  readonly end: bigint;
}

export function overlaps(a: MemoryRange, b: MemoryRange): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether all of `wanted` is in one or several of the ranges, which may touch or overlap each other. */
export function covers(ranges: readonly MemoryRange[], wanted: MemoryRange): boolean {
  let covered = wanted.start;
  for (const { start, end } of [...ranges].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    if (start <= covered && end > covered) covered = end;
  }
  return covered >= wanted.end;
}

/** `0xb7c00000-0xb7ffffff`, as the kernel shows ranges. */
export function showRange({ start, end }: MemoryRange): string {
  return `0x${start.toString(16)}-0x${(end - 1n).toString(16)}`;
}
