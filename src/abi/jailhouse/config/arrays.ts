import { ConfigError } from '../../../errors';
import { cellArrays } from './cell';
import { announced, elementSizeBytes } from './size';
import type { Dialect } from '../dialect';
import type { CellArray, CellConfig, CellDescriptor } from './cell';

/** Where the arrays of a cell are, and what they are called in errors. */
export interface ArraysPlace {
  /** Byte offset of the first array. */
  readonly start: number;
  /** Put before the names of fields: `rootCell.` or nothing. */
  readonly path: string;
  readonly operation: string;
  /** What to do with bytes behind the last array. */
  readonly trailing: 'reject' | 'ignore';
}

/**
 * Decodes the arrays behind a descriptor and joins them with it. All counts are held against the length before anything
 * is allocated.
 *
 * @throws ConfigError E_CONFIG_TRUNCATED, E_CONFIG_OVERLONG
 */
export function decodeArrays(
  bytes: Uint8Array,
  descriptor: CellDescriptor,
  dialect: Dialect,
  place: ArraysPlace,
): CellConfig {
  const arrays = cellArrays(dialect);
  requireLength(bytes.length, descriptor, arrays, place);
  const consumed: readonly string[] = [
    'signature',
    'architectureCode',
    'revision',
    ...arrays.map(({ count }) => count),
  ];
  const cell = Object.fromEntries(Object.entries(descriptor).filter(([name]) => !consumed.includes(name)));
  let offset = place.start;
  for (const array of arrays) {
    const count = announced(descriptor, array);
    cell[array.property] = decodeArray(bytes, offset, array, count);
    offset += count * elementSizeBytes(array);
  }
  return cell as CellConfig;
}

function decodeArray(bytes: Uint8Array, offset: number, { element }: CellArray, count: number): unknown {
  if (!element) {
    return new Uint8Array(bytes.subarray(offset, offset + count));
  }
  return Array.from({ length: count }, (_, index) => element.decode(bytes, offset + index * element.sizeBytes));
}

function requireLength(
  length: number,
  descriptor: CellDescriptor,
  arrays: readonly CellArray[],
  { start, path, operation, trailing }: ArraysPlace,
): void {
  let offset = start;
  for (const array of arrays) {
    const count = announced(descriptor, array);
    const size = elementSizeBytes(array);
    if (count * size > length - offset) {
      const whole = Math.floor((length - offset) / size);
      const field = `${path}${array.property}[${whole}]`;
      throw new ConfigError(
        `cut short in ${field}: ${path}${array.count} is ${count}, the data end at byte ${length}`,
        { code: 'E_CONFIG_TRUNCATED', operation, field, offset: offset + whole * size },
      );
    }
    offset += count * size;
  }
  if (offset < length && trailing === 'reject') {
    const field = `${path}${arrays.at(-1)?.property}`;
    throw new ConfigError(`too long: ${length - offset} bytes are left over behind ${field}, from byte ${offset} on`, {
      code: 'E_CONFIG_OVERLONG',
      operation,
      field,
      offset,
    });
  }
}
