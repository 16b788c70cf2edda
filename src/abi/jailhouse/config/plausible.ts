import { ConfigError } from '../../../errors';
import { show } from '../../value';
import { cellArrays } from './cell';
import { knownMemoryFlags, memoryRegionLayout } from './memory';
import { PCI_TYPE_IVSHMEM, pciDeviceLayout } from './pci';
import { announced, elementSizeBytes } from './size';
import type { Dialect } from '../dialect';
import type { ArrayProperty, CellDescriptor } from './cell';

/**
 * Looks for a value that only a config read by the wrong layout has, in what is there of its arrays. Used where the
 * revision number leaves a choice: a file of one dialect that lost its tail can have the length of a whole file of the
 * other.
 *
 * @param start byte offset of the first array
 * @param path put before the names of fields: `rootCell.` or nothing
 */
export function findImplausible(
  bytes: Uint8Array,
  descriptor: CellDescriptor,
  dialect: Dialect,
  start: number,
  path: string,
): ConfigError | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const contradiction = (field: string, offset: number, value: unknown) =>
    new ConfigError(`contradictory: read as ${dialect}, ${path}${field} would be ${show(value)}`, {
      code: 'E_CONFIG_CONTRADICTION',
      operation: 'detect dialect',
      field: path + field,
      offset,
      hint: 'the file is cut short, has bytes too many, or is not a Jailhouse config',
    });

  const knownFlags = knownMemoryFlags(dialect);
  const flagsAt = memoryRegionLayout.offsetOf('flags');
  for (const [index, region] of presentElements(bytes, descriptor, dialect, start, 'memoryRegions').entries()) {
    const flags = view.getBigUint64(region + flagsAt, true);
    if ((flags & ~knownFlags) !== 0n) {
      return contradiction(`memoryRegions[${index}].flags`, region + flagsAt, flags);
    }
  }
  const typeAt = pciDeviceLayout(dialect).offsetOf('type');
  for (const [index, device] of presentElements(bytes, descriptor, dialect, start, 'pciDevices').entries()) {
    const type = view.getUint8(device + typeAt);
    if (type === 0 || type > PCI_TYPE_IVSHMEM) {
      return contradiction(`pciDevices[${index}].type`, device + typeAt, type);
    }
  }
  return undefined;
}

/** Offsets of the elements of an array that lie within the bytes as a whole. */
function presentElements(
  bytes: Uint8Array,
  descriptor: CellDescriptor,
  dialect: Dialect,
  start: number,
  property: ArrayProperty,
): number[] {
  let offset = start;
  for (const array of cellArrays(dialect)) {
    const count = announced(descriptor, array);
    const size = elementSizeBytes(array);
    if (array.property === property) {
      const present = Math.min(count, Math.max(0, Math.floor((bytes.length - offset) / size)));
      return Array.from({ length: present }, (_, index) => offset + index * size);
    }
    offset += count * size;
  }
  return [];
}
