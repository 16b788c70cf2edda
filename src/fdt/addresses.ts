import { FdtError } from './fdt-error';
import { fromCells } from './value';
import type { DeviceTreeNode } from './node';
import type { Property } from './property';

/** One entry of `reg`, as the parent's bus sees it. */
export interface AddressRange {
  /** All cells of the address as one number: on a PCI bus, the first cell with its flags is bits 64 to 95. */
  readonly address: bigint;
  readonly sizeBytes: bigint;
}

/** One entry of a bus's `ranges`: where a piece of its address space is in its parent's. */
export interface BusRange {
  readonly busAddress: bigint;
  readonly parentAddress: bigint;
  readonly sizeBytes: bigint;
}

/** How many cells an address of the node's children takes; 2 where it does not say (Devicetree Specification 2.3.5). */
export function addressCells(node: DeviceTreeNode): number {
  return cellCount(node, '#address-cells', 2);
}

/** How many cells a size of the node's children takes; 1 where it does not say (Devicetree Specification 2.3.5). */
export function sizeCells(node: DeviceTreeNode): number {
  return cellCount(node, '#size-cells', 1);
}

/** The node's `reg` (Devicetree Specification 2.3.6); empty when it has none. Throws `FdtError` (`E_FDT_VALUE`). */
export function reg(node: DeviceTreeNode): AddressRange[] {
  const property = node.property('reg');
  const bus = node.parent;
  if (!property || !bus) return [];
  return entries(property, [addressCells(bus), sizeCells(bus)]).map(([address = 0n, sizeBytes = 0n]) => ({
    address,
    sizeBytes,
  }));
}

/**
 * The bus's `ranges` (Devicetree Specification 2.3.8). An empty array says that the bus sees its parent's addresses;
 * `undefined`, without the property, that the CPU does not reach what is behind. Throws `FdtError` (`E_FDT_VALUE`).
 */
export function ranges(bus: DeviceTreeNode): BusRange[] | undefined {
  const property = bus.property('ranges');
  if (!property) return undefined;
  if (property.value.length === 0) return [];
  const parentCells = bus.parent ? addressCells(bus.parent) : 0;
  return entries(property, [addressCells(bus), parentCells, sizeCells(bus)]).map(
    ([busAddress = 0n, parentAddress = 0n, sizeBytes = 0n]) => ({ busAddress, parentAddress, sizeBytes }),
  );
}

/**
 * Where the CPU sees an address of a bus: through the `ranges` of the bus and of all above it.
 * `undefined` when a bus on the way does not let it through. Throws `FdtError` (`E_FDT_VALUE`).
 */
export function translateAddress(bus: DeviceTreeNode, address: bigint): bigint | undefined {
  const above = bus.parent;
  if (!above) return address;
  const windows = ranges(bus);
  if (!windows) return undefined;
  if (windows.length === 0) return translateAddress(above, address);
  const isPci = bus.property('device_type')?.strings()[0] === 'pci';
  for (const { busAddress, parentAddress, sizeBytes } of windows) {
    const offset = isPci ? pciOffset(address, busAddress) : address - busAddress;
    if (offset !== undefined && offset >= 0n && offset < sizeBytes)
      return translateAddress(above, parentAddress + offset);
  }
  return undefined;
}

/** The entries of the node's `reg` that the CPU reaches, at the addresses where it does. Throws as `reg` does. */
export function cpuRegions(node: DeviceTreeNode): AddressRange[] {
  const bus = node.parent;
  if (!bus) return [];
  return reg(node).flatMap(({ address, sizeBytes }) => {
    const cpuAddress = translateAddress(bus, address);
    return cpuAddress === undefined ? [] : [{ address: cpuAddress, sizeBytes }];
  });
}

const PCI_ADDRESS_MASK = 0xffff_ffff_ffff_ffffn;

/** Only addresses of one space (configuration, I/O, memory of 32 or 64 bits) compare: bits 24 and 25 of the first cell. */
function pciOffset(address: bigint, busAddress: bigint): bigint | undefined {
  const space = (pciAddress: bigint) => (pciAddress >> (64n + 24n)) & 3n;
  if (space(address) !== space(busAddress)) return undefined;
  return (address & PCI_ADDRESS_MASK) - (busAddress & PCI_ADDRESS_MASK);
}

/** Splits a list of cells into entries, and these into numbers of the given widths. */
function entries(property: Property, widths: readonly number[]): bigint[][] {
  const cells = property.u32s();
  const entryCells = widths.reduce((sum, width) => sum + width, 0);
  if (entryCells === 0 || cells.length % entryCells !== 0) {
    throw property.misfit(`entries of ${widths.join(' + ')} cells`);
  }
  return Array.from({ length: cells.length / entryCells }, (_, index) => {
    let position = index * entryCells;
    return widths.map((width) => fromCells(cells.slice(position, (position += width))));
  });
}

/** Reads a `#...-cells` property. Throws `FdtError` (`E_FDT_VALUE`). */
export function cellCount(node: DeviceTreeNode, name: string, missing: number): number {
  const count = node.u32(name) ?? missing;
  if (count > MAX_CELLS) {
    throw new FdtError(`${node.path}:${name} is ${count}, more than ${MAX_CELLS}`, {
      code: 'E_FDT_VALUE',
      operation: 'read property',
      offset: node.property(name)?.source?.offset,
    });
  }
  return count;
}

/** MAX_PHANDLE_ARGS of Linux (include/linux/of.h): more cells than any binding has. */
const MAX_CELLS = 16;
