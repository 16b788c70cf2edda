import { isSubPage, MEM_COMM_REGION, MEM_READ, MEM_ROOTSHARED, MEM_WRITE } from '../../abi/jailhouse';
import { end, holds, physical, virtual } from '../../config/check/ranges';
import { interceptedWindows } from '../../config/check/rules/intercepted';
import { otherCells } from './world';
import type { MemoryRegion } from '../../abi/jailhouse';
import type { CheckedCell } from '../../config/check/subject';
import type { Range } from '../../config/check/ranges';
import type { World } from './world';

/** A memory region of a cell. */
export interface RegionPlace {
  readonly cell: CheckedCell;
  readonly index: number;
  readonly region: MemoryRegion;
}

/** Where a guest-physical address falls. */
export type Place =
  | (RegionPlace & { readonly kind: 'region'; readonly access: RegionAccess })
  | { readonly kind: 'window'; readonly name: string; readonly range: Range }
  | {
      readonly kind: 'gap';
      /** The mapped regions next to the gap. */
      readonly below: RegionPlace | undefined;
      readonly above: RegionPlace | undefined;
    };

/** What a region lets a cell do. */
export interface RegionAccess {
  readonly read: boolean;
  readonly write: boolean;
  /** Every access is looked at, because the region is not made of whole pages. */
  readonly subPage: boolean;
}

/** Who has a physical address. */
export type Owner = (RegionPlace & { readonly kind: 'cell' }) | { readonly kind: 'hypervisor'; readonly range: Range };

/** Later regions cover earlier ones (jailhouse-hypervisor reference 2). */
export function locate(world: World, cell: CheckedCell, address: bigint): Place {
  const regions = cell.config.memoryRegions.map((region, index) => ({ cell, index, region }));
  const mapped = regions.filter(({ region }) => region.size > 0n);
  const place = mapped.findLast(({ region }) => holds(virtual(region), address));
  if (place) {
    return { kind: 'region', ...place, access: accessOf(place.region) };
  }
  const window = world.system && interceptedWindows(world.system).find(({ range }) => holds(range, address));
  if (window) {
    return { kind: 'window', name: window.name, range: window.range };
  }
  const byEnd = (a: RegionPlace, b: RegionPlace) => (end(virtual(a.region)) < end(virtual(b.region)) ? -1 : 1);
  const byStart = (a: RegionPlace, b: RegionPlace) => (a.region.virtStart < b.region.virtStart ? -1 : 1);
  return {
    kind: 'gap',
    below: mapped
      .filter(({ region }) => end(virtual(region)) <= address)
      .sort(byEnd)
      .at(-1),
    above: mapped.filter(({ region }) => region.virtStart > address).sort(byStart)[0],
  };
}

/** Everybody else whose config names this physical address; cells before the root cell, which has what is left. */
export function ownersOf(world: World, cell: CheckedCell, address: bigint): Owner[] {
  const regions = otherCells(world, cell).flatMap((one) =>
    one.config.memoryRegions.flatMap((region, index): Owner[] =>
      (region.flags & MEM_COMM_REGION) === 0n && holds(physical(region), address)
        ? [{ kind: 'cell', cell: one, index, region }]
        : [],
    ),
  );
  const hypervisor = world.system && physical(world.system.config.hypervisorMemory);
  return [
    ...(hypervisor && holds(hypervisor, address) ? [{ kind: 'hypervisor', range: hypervisor } as const] : []),
    ...regions.sort((a, b) => Number(isRoots(a)) - Number(isRoots(b))),
  ];
}

/** The cell's guest address of a physical one: emulated accesses are reported by the latter. */
export function regionByPhysical(cell: CheckedCell, address: bigint): RegionPlace | undefined {
  const index = cell.config.memoryRegions.findIndex((region) => holds(physical(region), address));
  const region = cell.config.memoryRegions[index];
  return region && { cell, index, region };
}

export function isRoots(owner: Owner): boolean {
  return owner.kind === 'cell' && owner.cell.isRoot;
}

/** Whether a region of another cell stays with the root cell, too. */
export function isShared({ region }: RegionPlace): boolean {
  return (region.flags & MEM_ROOTSHARED) !== 0n;
}

export function accessOf(region: MemoryRegion): RegionAccess {
  return {
    read: (region.flags & MEM_READ) !== 0n,
    write: (region.flags & MEM_WRITE) !== 0n,
    subPage: isSubPage(region),
  };
}
