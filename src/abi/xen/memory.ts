/** Hypercall memory_op (xen-abi reference 7). */
import { u16, u32, u64 } from '../field';
import { StructLayout } from '../layout';
import { gap } from './gap';

export const XENMEM_decrease_reservation = 1;
export const XENMEM_maximum_ram_page = 2;
export const XENMEM_current_reservation = 3;
export const XENMEM_maximum_reservation = 4;
export const XENMEM_populate_physmap = 6;
export const XENMEM_add_to_physmap = 7;
export const XENMEM_maximum_gpfn = 14;
export const XENMEM_remove_from_physmap = 15;
export const XENMEM_get_sharing_freed_pages = 18;
export const XENMEM_get_sharing_shared_pages = 19;
export const XENMEM_claim_pages = 24;

export interface MemoryReservation {
  /** u64 frame numbers, in and out. */
  readonly extentsAddress: bigint;
  readonly extentCount: bigint;
  /** An extent has 2 to the power of this many pages. */
  readonly extentOrder: number;
  readonly flags: number;
  readonly domain: number;
}

export const memoryReservationLayout = new StructLayout<MemoryReservation>('xen_memory_reservation', [
  u64('extentsAddress'),
  u64('extentCount'),
  u32('extentOrder'),
  u32('flags'),
  u16('domain'),
  gap(6),
]);

export const MAPSPACE_grant_table = 1;

export interface AddToPhysmap {
  readonly domain: number;
  readonly size: number;
  readonly space: number;
  readonly index: bigint;
  readonly gpfn: bigint;
}

export const addToPhysmapLayout = new StructLayout<AddToPhysmap>('xen_add_to_physmap', [
  u16('domain'),
  u16('size'),
  u32('space'),
  u64('index'),
  u64('gpfn'),
]);

export const removeFromPhysmapLayout = new StructLayout<{ domain: number; gpfn: bigint }>('xen_remove_from_physmap', [
  u16('domain'),
  gap(6),
  u64('gpfn'),
]);

export const domainIdLayout = new StructLayout<{ domain: number }>('domid_t', [u16('domain')]);
