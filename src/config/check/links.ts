import { PCI_TYPE_IVSHMEM } from '../../abi/jailhouse';
import type { CellConfig, PciDevice } from '../../abi/jailhouse';
import type { CheckedCell } from './subject';

/** A device of a cell, with its place in the config. */
export interface IndexedDevice {
  readonly device: PciDevice;
  readonly index: number;
}

/** One cell's end of a link. */
export interface LinkEnd extends IndexedDevice {
  readonly cell: CheckedCell;
}

/** State table and R/W section come before the output sections (jailhouse-hypervisor reference 11). */
export const V2_FIXED_SECTIONS = 2;

export function ivshmemDevices({ pciDevices }: CellConfig): IndexedDevice[] {
  return pciDevices
    .map((device, index) => ({ device, index }))
    .filter(({ device }) => device.type === PCI_TYPE_IVSHMEM);
}

export function isV2(device: PciDevice): boolean {
  return device.shmemRegionsStart !== undefined;
}

/** Index of the first memory region that a device shares. */
export function firstRegionOf(device: PciDevice): number {
  return device.shmemRegionsStart ?? device.shmemRegion ?? 0;
}

/** Index of the last one: v1 shares one region, v2 has sections. */
export function lastRegionOf(device: PciDevice): number {
  return firstRegionOf(device) + (isV2(device) ? V2_FIXED_SECTIONS - 1 + (device.shmemPeers ?? 0) : 0);
}

/** The C name of the field that says which regions. */
export function regionField(device: PciDevice): string {
  return isV2(device) ? 'shmem_regions_start' : 'shmem_region';
}

/** INTID of a device in INTx mode (jailhouse-hypervisor reference 10.4). */
export function intxIntid({ vpciIrqBase }: CellConfig, { bdf }: PciDevice): number {
  return 32 + vpciIrqBase + ((bdf >> 3) & 3);
}

/** Links by their bdf, which is what pairs ends; the domain is ignored. */
export function linksOf(cells: readonly CheckedCell[]): ReadonlyMap<number, readonly LinkEnd[]> {
  const links = new Map<number, LinkEnd[]>();
  for (const cell of cells) {
    for (const { device, index } of ivshmemDevices(cell.config)) {
      const ends = links.get(device.bdf) ?? [];
      ends.push({ cell, device, index });
      links.set(device.bdf, ends);
    }
  }
  return links;
}
