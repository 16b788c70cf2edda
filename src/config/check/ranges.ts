import type { MemoryRegion } from '../../abi/jailhouse';

export interface Range {
  readonly start: bigint;
  /** In bytes. */
  readonly size: bigint;
}

export function physical({ physStart, size }: Pick<MemoryRegion, 'physStart' | 'size'>): Range {
  return { start: physStart, size };
}

export function virtual({ virtStart, size }: MemoryRegion): Range {
  return { start: virtStart, size };
}

export function end({ start, size }: Range): bigint {
  return start + size;
}

/** An empty range overlaps nothing. */
export function overlap(a: Range, b: Range): boolean {
  return a.size > 0n && b.size > 0n && a.start < end(b) && b.start < end(a);
}

export function holds(range: Range, address: bigint): boolean {
  return address >= range.start && address < end(range);
}

export function within(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && end(inner) <= end(outer);
}

/** The parts of a range that none of the others covers, ascending. */
export function uncovered(range: Range, others: readonly Range[]): Range[] {
  const covering = others.filter((one) => overlap(range, one)).sort((a, b) => compare(a.start, b.start));
  const gaps: Range[] = [];
  let position = range.start;
  for (const one of covering) {
    if (one.start > position) {
      gaps.push({ start: position, size: one.start - position });
    }
    if (end(one) > position) {
      position = end(one);
    }
  }
  if (position < end(range)) {
    gaps.push({ start: position, size: end(range) - position });
  }
  return gaps;
}

export function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Pairs of ranges that overlap, in the order of their starts. At most `limit`: a damaged file can have millions.
 *
 * @param items each with its range; empty ranges are left out
 */
export function overlappingPairs<T>(
  items: readonly { readonly range: Range; readonly item: T }[],
  limit: number,
): [T, T][] {
  const sorted = items.filter(({ range }) => range.size > 0n);
  if (areApart(sorted)) {
    return [];
  }
  sorted.sort((a, b) => compare(a.range.start, b.range.start));
  const pairs: [T, T][] = [];
  let open: typeof sorted = [];
  for (const one of sorted) {
    open = open.filter(({ range }) => end(range) > one.range.start);
    for (const earlier of open) {
      if (pairs.length >= limit) {
        return pairs;
      }
      pairs.push([earlier.item, one.item]);
    }
    open.push(one);
  }
  return pairs;
}

/** Whether each begins behind the one before it, as in most configs: then there is nothing to sort. */
function areApart(items: readonly { readonly range: Range }[]): boolean {
  let before = 0n;
  for (const { range } of items) {
    if (range.start < before) {
      return false;
    }
    before = end(range);
  }
  return true;
}
