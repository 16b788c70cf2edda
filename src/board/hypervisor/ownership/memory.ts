import { isSubPage, MEM_COMM_REGION, MEM_LOADABLE, MEM_ROOTSHARED } from '../../../abi/jailhouse';
import { PAGE_SIZE } from '../page-pool';
import { texts } from '../texts';
import { rootCellOf } from '../state';
import type { MemoryRegion } from '../../../abi/jailhouse';
import type { HypervisorCell, HypervisorState } from '../state';

interface PageRange {
  readonly physStart: bigint;
  readonly virtStart: bigint;
  readonly sizeBytes: bigint;
}

const OFFSET_MASK = BigInt(PAGE_SIZE - 1);

/** Regions that a cell has for itself: the root cell loses them (jailhouse-hypervisor reference 2). */
function isExclusive(region: MemoryRegion): boolean {
  return (region.flags & (MEM_COMM_REGION | MEM_ROOTSHARED)) === 0n;
}

/** Addresses are rounded down to pages, sizes up. */
function wholePages({ physStart, virtStart, size }: MemoryRegion): PageRange {
  return {
    physStart: physStart & ~OFFSET_MASK,
    virtStart: virtStart & ~OFFSET_MASK,
    sizeBytes: (size + OFFSET_MASK) & ~OFFSET_MASK,
  };
}

/** Maps a cell's regions in order. Sub-page regions are emulated, so nothing is mapped there. */
export function mapRegions(cell: HypervisorCell): void {
  for (const region of cell.config.memoryRegions.filter((one) => !isSubPage(one))) {
    const { physStart, virtStart, sizeBytes } = wholePages(region);
    cell.tables.map(virtStart, physStart, sizeBytes);
  }
}

export function takeFromRoot(state: HypervisorState, cell: HypervisorCell): void {
  unmapInRoot(state, cell.config.memoryRegions.filter(isExclusive));
}

/** Gives back what the root cell's config contains of a cell's memory. What cannot be mapped is only warned about. */
export function returnToRoot(state: HypervisorState, cell: HypervisorCell): void {
  for (const region of cell.config.memoryRegions.filter(isExclusive)) {
    try {
      mapInRoot(state, region);
    } catch {
      state.machine.consoleWrite(texts.memoryNotReturned());
    }
  }
}

/** @throws KernelError ENOMEM */
export function lendLoadable(state: HypervisorState, cell: HypervisorCell): void {
  for (const region of cell.config.memoryRegions.filter(isLoadable)) {
    mapInRoot(state, region);
  }
}

/** @throws KernelError ENOMEM */
export function reclaimLoadable(state: HypervisorState, cell: HypervisorCell): void {
  unmapInRoot(state, cell.config.memoryRegions.filter(isLoadable));
}

function isLoadable(region: MemoryRegion): boolean {
  return (region.flags & MEM_LOADABLE) !== 0n;
}

function unmapInRoot(state: HypervisorState, regions: readonly MemoryRegion[]): void {
  for (const region of regions.filter((one) => !isSubPage(one))) {
    const { physStart, sizeBytes } = wholePages(region);
    rootCellOf(state).tables.unmap(physStart, sizeBytes);
  }
}

function mapInRoot(state: HypervisorState, region: MemoryRegion): void {
  const root = rootCellOf(state);
  const end = region.physStart + region.size;
  for (const own of root.config.memoryRegions) {
    const from = own.physStart > region.physStart ? own.physStart : region.physStart;
    const until = own.physStart + own.size < end ? own.physStart + own.size : end;
    if (from < until) {
      const part = { ...own, physStart: from, virtStart: from - own.physStart + own.virtStart, size: until - from };
      if (!isSubPage(part)) {
        const { physStart, virtStart, sizeBytes } = wholePages(part);
        root.tables.map(virtStart, physStart, sizeBytes);
      }
    }
  }
}
