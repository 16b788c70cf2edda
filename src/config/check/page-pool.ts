import { configSizeBytes, isSubPage, MEM_COMM_REGION } from '../../abi/jailhouse';
import { ivshmemDevices } from './links';
import { cellCpus, maxCpus } from './subject';
import type { CheckedCell, CheckedSystem } from './subject';
import type { CellConfig, MemoryRegion } from '../../abi/jailhouse';

/** Sizes of NXP's v0.10 for arm64 (jailhouse-abi reference 5.1 and 5.3); those of other releases are near. */
const CORE_BYTES = 0x1_e000;
const PER_CPU_BYTES = 0x4000;
const CELL_STRUCT_BYTES = 8192;
const PCI_DEVICE_BYTES = 344;
const REMAP_BITMAP_PAGES = 4;
/** The hypervisor's own tables, but for those of its memory, and the private tables of each CPU. */
const FIXED_TABLES = 9;
const TABLES_PER_CPU = 3;
/** Distributor and redistributors, mapped for the hypervisor. */
const GICD_BYTES = 0x1_0000;
const GICR_BYTES = 0x2_0000;

const PAGE = 4096n;
const BLOCK = 0x20_0000n;
const GIB = 0x4000_0000n;
/** Level 1 tables of 40 address bits. */
const ROOT_TABLES = 2;
/** Beyond this a damaged file only costs time: no pool has so many. */
const TABLE_LIMIT = 100_000;

export interface PoolEstimate {
  readonly sizePages: number;
  readonly usedPages: number;
}

/** Bytes of the hypervisor's memory that are gone before there is a pool. */
export function fixedBytes(cpuCount: number, configBytes: number): number {
  return CORE_BYTES + cpuCount * PER_CPU_BYTES + configBytes;
}

/**
 * How many pages of the pool a system takes with these cells. An estimate: the hypervisor splits and frees tables as
 * cells come and go. On NXP's configs it is within a few pages of jailhouse-abi reference 5.3.
 */
export function estimatePool(system: CheckedSystem, cells: readonly CheckedCell[]): PoolEstimate {
  const { hypervisorMemory, rootCell, pciMmconfigBase } = system.config;
  const count = maxCpus(rootCell);
  const sizePages = Number((hypervisorMemory.size - BigInt(CORE_BYTES)) / PAGE);
  const ownTables = Number(hypervisorMemory.size / BLOCK) + 1;
  const gicTables = 1 + pages((GICD_BYTES + count * GICR_BYTES) / 512);
  const configBytes = configSizeBytes(system.config, system.dialect);
  const fixed =
    count * pages(PER_CPU_BYTES) +
    pages(configBytes) +
    pages(sizePages / 8) +
    REMAP_BITMAP_PAGES +
    FIXED_TABLES +
    ownTables +
    cellCpus(rootCell).length * TABLES_PER_CPU +
    gicTables +
    // Stage 2 of root: the hypervisor's memory, page by page, besides its regions.
    ownTables;
  const root = cellPages(rootCell, count, pciMmconfigBase !== 0n);
  const others = cells.map(
    ({ config, dialect }) =>
      cellPages(config, count, pciMmconfigBase !== 0n) + pages(CELL_STRUCT_BYTES + configSizeBytes(config, dialect)),
  );
  const links = new Set(ivshmemDevices(rootCell).map(({ device }) => device.bdf)).size;
  return { sizePages, usedPages: fixed + links + others.reduce((sum, one) => sum + one, root) };
}

function cellPages(config: CellConfig, cpuCount: number, hasConfigSpace: boolean): number {
  const devices = ivshmemDevices(config).length;
  const emulated =
    1 + cpuCount + (hasConfigSpace ? 1 : 0) + 2 * devices + config.memoryRegions.filter(isSubPage).length;
  return (
    stage2Tables(config.memoryRegions) + pages(emulated * 32) + pages(config.pciDevices.length * PCI_DEVICE_BYTES) + 1 // CPU set
  );
}

/** Tables that the regions of a cell need: a level 2 table for each GiB, a level 3 table for each 2 MiB in pieces. */
function stage2Tables(regions: readonly MemoryRegion[]): number {
  const gibs = new Set<bigint>();
  const pieces = new Set<bigint>();
  for (const region of regions) {
    if (region.size === 0n || isSubPage(region)) {
      continue;
    }
    const start = region.virtStart;
    const end = start + region.size;
    for (let gib = start / GIB; gib * GIB < end && gibs.size < TABLE_LIMIT; gib++) {
      gibs.add(gib);
    }
    const aligned = (region.virtStart - region.physStart) % BLOCK === 0n && (region.flags & MEM_COMM_REGION) === 0n;
    if (aligned) {
      if (start % BLOCK !== 0n) pieces.add(start / BLOCK);
      if (end % BLOCK !== 0n) pieces.add(end / BLOCK);
    } else {
      for (let block = start / BLOCK; block * BLOCK < end && pieces.size < TABLE_LIMIT; block++) {
        pieces.add(block);
      }
    }
  }
  return ROOT_TABLES + gibs.size + pieces.size;
}

function pages(bytes: number): number {
  return Math.ceil(bytes / Number(PAGE));
}
