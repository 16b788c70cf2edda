import { FdtError } from './fdt-error';

/**
 * What a property can be set to. The type decides the bytes: `true` is a property without a value, a string is
 * NUL-terminated, a number is a u32 cell, a bigint a u64 of two cells, an array a list of these, and bytes are themselves.
 */
export type PropertyValue =
  true | string | number | bigint | readonly string[] | readonly number[] | readonly bigint[] | Uint8Array;

const EMPTY = new Uint8Array(0);

/** The bytes of a value. `where` names the property in errors. Throws `FdtError` (`E_FDT_VALUE`). */
export function encodeValue(value: PropertyValue, where: string): Uint8Array {
  if (value === true) return EMPTY;
  if (value instanceof Uint8Array) return Buffer.from(value);
  const items: readonly (string | number | bigint)[] = Array.isArray(value) ? value : [value as string];
  const parts = items.map((item) => encodeItem(item, where));
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function encodeItem(item: string | number | bigint, where: string): Uint8Array {
  const bytes = Buffer.alloc(typeof item === 'bigint' ? 8 : 4);
  switch (typeof item) {
    case 'string':
      if (item.includes('\0')) throw misfit(`${where}: the string ${JSON.stringify(item)} has a NUL within`);
      return Buffer.from(`${item}\0`);
    case 'number':
      if (!Number.isInteger(item) || item < 0 || item > 0xffff_ffff) throw misfit(`${where}: ${item} is no u32`);
      bytes.writeUInt32BE(item);
      return bytes;
    default:
      if (item < 0n || item > 0xffff_ffff_ffff_ffffn) throw misfit(`${where}: ${item} is no u64`);
      bytes.writeBigUInt64BE(item);
      return bytes;
  }
}

function misfit(message: string): FdtError {
  return new FdtError(message, { code: 'E_FDT_VALUE', operation: 'set property' });
}

/** The u32 cells of an address or size: `toCells(0x1_0000_0000n, 2)` is `[1, 0]`. Throws when it needs more cells. */
export function toCells(value: bigint, count: number): number[] {
  if (value < 0n || value >> BigInt(32 * count) !== 0n) {
    throw misfit(`0x${value.toString(16)} does not fit ${count} cells`);
  }
  return Array.from({ length: count }, (_, index) =>
    Number((value >> BigInt(32 * (count - 1 - index))) & 0xffff_ffffn),
  );
}

/** The number that cells make, most significant first; 0 for none. */
export function fromCells(cells: readonly number[]): bigint {
  return cells.reduce((value, cell) => (value << 32n) | BigInt(cell), 0n);
}
