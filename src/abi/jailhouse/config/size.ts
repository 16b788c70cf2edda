import { cellArrays, cellDescriptorLayout } from './cell';
import { systemHeaderLayouts } from './system';
import type { Dialect } from '../dialect';
import type { CellArray, CellConfig, CellDescriptor } from './cell';
import type { SystemConfig, SystemHeader } from './system';

/** How many elements of one of the arrays a descriptor announces. */
export function announced(descriptor: CellDescriptor, array: CellArray): number {
  return descriptor[array.count] ?? 0;
}

export function elementSizeBytes(array: CellArray): number {
  return array.element?.sizeBytes ?? 1;
}

/**
 * Total bytes of the cell config that a descriptor announces (jailhouse-abi reference 3.9). The counts may come from
 * anywhere: the result can be up to some hundred gigabytes.
 */
export function cellSizeBytes(descriptor: CellDescriptor, dialect: Dialect): number {
  return cellDescriptorLayout(dialect).sizeBytes + arraysSizeBytes(descriptor, dialect);
}

/** Total bytes of the system config that a header announces: the length that the driver copies from user space. */
export function systemSizeBytes(header: SystemHeader, dialect: Dialect): number {
  return systemHeaderSizeBytes(dialect) + arraysSizeBytes(header.rootCell, dialect);
}

/** Bytes of the fixed part of a system config, root cell descriptor included. */
export function systemHeaderSizeBytes(dialect: Dialect): number {
  return systemHeaderLayouts(dialect).arm.sizeBytes;
}

/** Bytes that a decoded config takes in a dialect. */
export function configSizeBytes(config: SystemConfig | CellConfig, dialect: Dialect): number {
  const system = 'rootCell' in config;
  const cell = system ? config.rootCell : config;
  const fixed = system ? systemHeaderSizeBytes(dialect) : cellDescriptorLayout(dialect).sizeBytes;
  return cellArrays(dialect).reduce(
    (sum, array) => sum + (cell[array.property]?.length ?? 0) * elementSizeBytes(array),
    fixed,
  );
}

function arraysSizeBytes(descriptor: CellDescriptor, dialect: Dialect): number {
  return cellArrays(dialect).reduce((sum, array) => sum + announced(descriptor, array) * elementSizeBytes(array), 0);
}
