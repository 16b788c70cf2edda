/** Flattened device trees: read, edit, write, print, and overlays. `docs/fdt.md` shows how. */
export { FdtError } from './fdt-error';
export type { FdtErrorCode } from './fdt-error';
export { parse } from './parse';
export { write } from './write';
export { printDts, printProperty } from './dts';
export { DeviceTree } from './tree';
export type { MemoryReservation } from './tree';
export { DeviceTreeNode } from './node';
export { Property } from './property';
export { fromCells, toCells } from './value';
export type { PropertyValue } from './value';
