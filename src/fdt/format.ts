/**
 * Numbers of the flattened format: Devicetree Specification v0.4, chapter 5. All values are big-endian.
 */
export const MAGIC = 0xd00d_feed;

/** 5.4.1: what the structure block is made of. */
export const TOKEN = { beginNode: 1, endNode: 2, property: 3, nop: 4, end: 9 } as const;

/** 5.2: byte offsets of the header's fields, each a u32. */
export const HEADER = {
  magic: 0,
  totalSize: 4,
  structureOffset: 8,
  stringsOffset: 12,
  reservationsOffset: 16,
  version: 20,
  lastCompatibleVersion: 24,
  bootCpu: 28,
  stringsSize: 32,
  /** Only from version 17 on. */
  structureSize: 36,
} as const;

export const HEADER_SIZE_BYTES_V16 = 36;
export const HEADER_SIZE_BYTES_V17 = 40;

/** 5.3: an address and a size of 64 bits each. */
export const RESERVATION_SIZE_BYTES = 16;

/** Levels of nodes, the root being the first. Linux refuses deeper trees (drivers/of/fdt.c). */
export const MAX_DEPTH = 64;

/**
 * The specification wants names of at most 31 characters, and real trees do not obey. The limit keeps a hostile blob from
 * naming many properties by the tails of one long string, which would take memory quadratic in the blob's size.
 */
export const MAX_NAME_LENGTH = 255;

/** 2.3.3: phandles that are none. */
export const MAX_PHANDLE = 0xffff_fffe;

export function alignUp(offset: number, alignment: 4 | 8): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** Why a name cannot be one; `undefined` for a good one. The format itself would allow more than the two checks here. */
export function nameProblem(name: string, kind: 'node' | 'property'): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > MAX_NAME_LENGTH) return `is longer than ${MAX_NAME_LENGTH} characters`;
  if (!/^[\x21-\x7e]+$/.test(name)) return 'has characters that are not printable ASCII';
  if (kind === 'node' && name.includes('/')) return 'has a slash';
  return undefined;
}
