const PAGE_MASK = 0xfffn;

/** A size in bytes, rounded up to whole pages. */
export function pageAligned(sizeBytes: bigint): bigint {
  return (sizeBytes + PAGE_MASK) & ~PAGE_MASK;
}
