/**
 * What the hypervisor takes from its page pool besides stage 2 tables. The figures are those of the table in
 * jailhouse-abi reference 5.3, taken apart: what belongs to a CPU, a cell, a device. They also give what published logs
 * of other boards show, such as 87 and 143 pages for qemu-arm64 with its 16 CPUs.
 */
import { pagesFor, PAGE_SIZE } from './page-pool';
import type { Release } from '../releases';

/** 512 MiB of virtual addresses for mapping devices, and the bitmap that goes with them. */
export const REMAP_POOL_PAGES = 131_072;

const BYTES_PER_LEVEL_3_TABLE = 512 * PAGE_SIZE;
/** The hypervisor's own stage 1 tables and those of parked CPUs, but for the level 3 tables of its memory. */
const FIXED_TABLES = 9;
/** Levels 1 to 3 of each CPU's private mappings. */
const TABLES_PER_CPU = 3;

const GICD_BYTES = 0x1_0000;
const GICR_BYTES_PER_CPU = 0x2_0000;

/** Pages of the whole pool: the hypervisor's memory behind the core. */
export function memPoolPages(hypervisorMemoryBytes: number, release: Release): number {
  return Math.floor((hypervisorMemoryBytes - release.sizes.core) / PAGE_SIZE);
}

/** In use from the first instruction: per-CPU areas, config, and the pool's own bitmap. */
export function bootPages(poolPages: number, maxCpus: number, configBytes: number, release: Release): number {
  return maxCpus * pagesFor(release.sizes.perCpu) + pagesFor(configBytes) + pagesFor(Math.ceil(poolPages / 8));
}

/** Bitmap of the remap pool, and the tables that map the hypervisor itself. */
export function pagingPages(hypervisorMemoryBytes: number): number {
  return pagesFor(REMAP_POOL_PAGES / 8) + FIXED_TABLES + Math.ceil(hypervisorMemoryBytes / BYTES_PER_LEVEL_3_TABLE);
}

export function cpuPages(): number {
  return TABLES_PER_CPU;
}

/** Pages of the remap pool for the GIC's distributor and redistributors. */
export function gicRemapPages(maxCpus: number): number {
  return pagesFor(GICD_BYTES + maxCpus * GICR_BYTES_PER_CPU);
}

/** Tables behind that many pages of the remap pool. */
export function remapTablePages(remapPages: number): number {
  return 1 + Math.ceil((remapPages * PAGE_SIZE) / BYTES_PER_LEVEL_3_TABLE);
}

/** `struct cell` with a copy of the config. The root cell has neither: it is part of the image. */
export function cellPages(configBytes: number, release: Release): number {
  return pagesFor(release.sizes.cellStruct + configBytes);
}

/** Lists of emulated regions: 16 bytes of place and 16 of handler for each. */
export function mmioPages(regions: number): number {
  return pagesFor(regions * 32);
}
