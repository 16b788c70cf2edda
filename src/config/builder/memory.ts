import {
  MEM_COMM_REGION,
  MEM_DMA,
  MEM_EXECUTE,
  MEM_IO,
  MEM_LOADABLE,
  MEM_READ,
  MEM_ROOTSHARED,
  MEM_WRITE,
} from '../../abi/jailhouse';
import { written } from './origin';
import { KiB, u64 } from './value';
import type { MemoryRegion } from '../../abi/jailhouse';
import type { Quantity } from './value';

/** Where inmates built with Jailhouse's library look for the communication region. */
export const COMM_REGION_ADDRESS = 0x8000_0000;
const COMM_REGION_SIZE = 4 * KiB;

const RW = MEM_READ | MEM_WRITE;

export interface RegionPlace {
  readonly phys: Quantity;
  /** Guest-physical address; default: the same as `phys`. */
  readonly virt?: Quantity;
  readonly size: Quantity;
}

/** Any region. The functions below are its common cases. */
export function region({ phys, virt = phys, size }: RegionPlace, flags: bigint): MemoryRegion {
  return written({
    physStart: u64(phys, 'memory.phys'),
    virtStart: u64(virt, 'memory.virt'),
    size: u64(size, 'memory.size'),
    flags,
  });
}

/** RAM that the cell runs from, at its own address. */
export function ram(phys: Quantity, size: Quantity): MemoryRegion {
  return region({ phys, size }, RW | MEM_EXECUTE);
}

/** RAM that the cell only keeps data in, at its own address: what ivshmem devices share, for example. */
export function dataRam(phys: Quantity, size: Quantity): MemoryRegion {
  return region({ phys, size }, RW);
}

/** Device registers, at their own address. */
export function io(phys: Quantity, size: Quantity): MemoryRegion {
  return region({ phys, size }, RW | MEM_IO);
}

/** RAM that `cell load` may write; an inmate starts at guest address 0 unless its cell says otherwise. */
export function inmateRam({ phys, virt = 0, size }: RegionPlace): MemoryRegion {
  return region({ phys, virt, size }, RW | MEM_EXECUTE | MEM_LOADABLE);
}

/** Like {@link inmateRam}, for an inmate whose devices do DMA, such as Linux: at its own address. */
export function linuxRam(phys: Quantity, size: Quantity): MemoryRegion {
  return region({ phys, size }, RW | MEM_EXECUTE | MEM_DMA | MEM_LOADABLE);
}

/** The page through which cell and hypervisor talk. */
export function commRegion(virt: Quantity = COMM_REGION_ADDRESS): MemoryRegion {
  return region({ phys: 0, virt, size: COMM_REGION_SIZE }, RW | MEM_COMM_REGION);
}

/** The region, left to the root cell as well while the cell has it. */
export function sharedWithRoot(shared: MemoryRegion): MemoryRegion {
  return written({ ...shared, flags: shared.flags | MEM_ROOTSHARED });
}
