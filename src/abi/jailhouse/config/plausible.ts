import { ConfigError } from '../../../errors';
import { show } from '../../value';
import { cellArrays } from './cell';
import {
  MEM_COMM_REGION,
  MEM_DMA,
  MEM_EXECUTE,
  MEM_IO,
  MEM_IO_16,
  MEM_IO_32,
  MEM_IO_64,
  MEM_IO_8,
  MEM_LOADABLE,
  MEM_READ,
  MEM_ROOTSHARED,
  MEM_WRITE,
  memoryFlagsOf,
} from './memory';
import { PCI_TYPE_IVSHMEM } from './pci';
import { elementSizeBytes } from './size';
import type { Dialect } from '../dialect';
import type { ArraysPlace } from './arrays';
import type { ArrayProperty, CellConfig } from './cell';

const MEM_FLAGS_OF_ALL =
  MEM_READ |
  MEM_WRITE |
  MEM_EXECUTE |
  MEM_DMA |
  MEM_IO |
  MEM_COMM_REGION |
  MEM_LOADABLE |
  MEM_ROOTSHARED |
  MEM_IO_8 |
  MEM_IO_16 |
  MEM_IO_32 |
  MEM_IO_64;

/**
 * Looks for a value that only a config read by the wrong layout has. Used where the revision number leaves a choice:
 * a file of one dialect that lost its tail can have the length of a whole file of the other.
 */
export function findImplausible(cell: CellConfig, dialect: Dialect, place: ArraysPlace): ConfigError | undefined {
  const contradiction = (property: ArrayProperty, index: number, field: string, within: number, value: unknown) =>
    new ConfigError(
      `contradictory: the length fits ${dialect}, but ${place.path}${property}[${index}].${field} would be ${show(value)}`,
      {
        code: 'E_CONFIG_CONTRADICTION',
        operation: place.operation,
        field: `${place.path}${property}[${index}].${field}`,
        offset: elementOffset(cell, dialect, place, property, index) + within,
        hint: 'the file is cut short, has bytes too many, or is not a Jailhouse config',
      },
    );

  const { ioUnaligned, noHugepages } = memoryFlagsOf(dialect);
  const knownFlags = MEM_FLAGS_OF_ALL | ioUnaligned | noHugepages;
  for (const [index, { flags }] of cell.memoryRegions.entries()) {
    if ((flags & ~knownFlags) !== 0n) {
      return contradiction('memoryRegions', index, 'flags', 24, flags);
    }
  }
  for (const [index, { type }] of cell.pciDevices.entries()) {
    if (type === 0 || type > PCI_TYPE_IVSHMEM) {
      return contradiction('pciDevices', index, 'type', 0, type);
    }
  }
  return undefined;
}

function elementOffset(
  cell: CellConfig,
  dialect: Dialect,
  { start }: ArraysPlace,
  property: ArrayProperty,
  index: number,
): number {
  let offset = start;
  for (const array of cellArrays(dialect)) {
    if (array.property === property) {
      return offset + index * elementSizeBytes(array);
    }
    offset += (cell[array.property]?.length ?? 0) * elementSizeBytes(array);
  }
  return offset;
}
