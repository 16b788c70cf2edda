import {
  CELL_FLAG_TEST_DEVICE,
  CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED,
  CELL_V9_DEBUG_CONSOLE,
  CELL_V9_TEST_DEVICE,
  CON_FLAG_MMIO,
  CON_FLAG_REGDIST_4,
  CON_V9_MMIO,
  CON_V9_REGDIST_4,
  CON_V9_ROOTPAGE,
  CON_V9_TYPE_MASK,
  dialectTraits,
  isSystemConfig,
  memoryFlagsOf,
  SYS_FLAG_VIRTUAL_DEBUG_CONSOLE,
} from '../../abi/jailhouse';
import { cellFromRevision9, systemFromRevision9 } from './from-revision-9';
import { ivshmemToV2 } from './ivshmem-v2';
import { smmuToMmu500, streamsToMmu500 } from './smmu';
import { bad, hex } from './value';
import type { CellConfig, Console, Dialect, MemoryRegion, SystemConfig } from '../../abi/jailhouse';

/**
 * Says the same in another dialect: what changed its number or its place between revisions is moved, and an ivshmem
 * link of v0.11 and earlier is laid out as v0.12 and later want it.
 *
 * What the other dialect has no place for is left in, for `encodeConfig` to refuse.
 *
 * @throws ConfigError for a flag that the other dialect has no bit for
 */
export function forDialect<T extends SystemConfig | CellConfig>(config: T, from: Dialect, to: Dialect): T;
export function forDialect(config: SystemConfig | CellConfig, from: Dialect, to: Dialect): SystemConfig | CellConfig {
  if (from === to) {
    return config;
  }
  if (dialectTraits(from).revision >= 10) {
    return isSystemConfig(config) ? systemFor(config, from, to) : cellFor(config, from, to, 1);
  }
  const since10 = dialectTraits(from).vendor === 'nxp' ? 'nxp-10' : 'upstream-10';
  return isSystemConfig(config)
    ? systemFor(systemFromRevision9(config), since10, to)
    : cellFor(cellFromRevision9(config), since10, to, 1);
}

function systemFor(system: SystemConfig, from: Dialect, to: Dialect): SystemConfig {
  const rootCell = cellFor(system.rootCell, from, to, 0);
  if (dialectTraits(to).revision >= 10) {
    const moved = { ...system, rootCell };
    return hasUpstreamStreams(from, to) ? smmuToMmu500(moved) : moved;
  }
  const { flags = 0, ...rest } = system;
  const rootPage = (flags & SYS_FLAG_VIRTUAL_DEBUG_CONSOLE) !== 0;
  return { ...rest, debugConsole: consoleForRevision9(system.debugConsole, rootPage), rootCell };
}

/** @param end which end of its ivshmem links the cell is */
function cellFor(cell: CellConfig, from: Dialect, to: Dialect, end: 0 | 1): CellConfig {
  const source = dialectTraits(from);
  const target = dialectTraits(to);
  const moved = { ...cell, memoryRegions: cell.memoryRegions.map((one) => regionFor(one, from, to)) };
  if (target.revision < 10) {
    return { ...moved, flags: cellFlagsForRevision9(cell.flags, target.revision) };
  }
  const streams = hasUpstreamStreams(from, to) ? streamsToMmu500(moved) : moved;
  return source.revision < 12 && target.revision >= 12 ? withoutNxpIvshmem(ivshmemToV2(streams, end)) : streams;
}

/** Whether SMMU streams in NXP's words are to become upstream's. */
function hasUpstreamStreams(from: Dialect, to: Dialect): boolean {
  return dialectTraits(from).revision < 12 && dialectTraits(to).revision >= 13;
}

function regionFor(region: MemoryRegion, from: Dialect, to: Dialect): MemoryRegion {
  const source = memoryFlagsOf(from);
  const target = memoryFlagsOf(to);
  const unaligned = (region.flags & source.ioUnaligned) !== 0n;
  const noHugepages = (region.flags & source.noHugepages) !== 0n;
  if (noHugepages && target.noHugepages === 0n) {
    throw bad('memory.flags', `${to} cannot keep the region at ${hex(region.physStart)} from huge pages`);
  }
  const flags =
    (region.flags & ~source.ioUnaligned & ~source.noHugepages) |
    (unaligned ? target.ioUnaligned : 0n) |
    (noHugepages ? target.noHugepages : 0n);
  return { ...region, flags };
}

/** From revision 12 on the communication region tells every inmate where its PCI devices are: nothing is lost. */
function withoutNxpIvshmem(cell: CellConfig): CellConfig {
  const { pciCfgBase, pciCfgSize, ivshmemIrq, ...rest } = cell;
  const told = ivshmemIrq === undefined || ivshmemIrq === 0 || ivshmemIrq === cell.vpciIrqBase + 32;
  return told ? rest : { ...rest, ...defined({ pciCfgBase, pciCfgSize, ivshmemIrq }) };
}

function consoleForRevision9(console: Console, rootPage: boolean): Console {
  const { type = 0, flags, ...rest } = console;
  // The type's value may be in the flags too: see withNxpFlags.
  const unknown = flags & ~(CON_FLAG_MMIO | CON_FLAG_REGDIST_4 | type);
  if (unknown !== 0 || type > CON_V9_TYPE_MASK) {
    throw bad('debugConsole', `revisions 8 and 9 cannot say type ${type} with flags ${hex(flags)}`);
  }
  return {
    ...rest,
    flags:
      type |
      (flags & CON_FLAG_MMIO ? CON_V9_MMIO : 0) |
      (flags & CON_FLAG_REGDIST_4 ? CON_V9_REGDIST_4 : 0) |
      (rootPage ? CON_V9_ROOTPAGE : 0),
  };
}

function cellFlagsForRevision9(flags: number, revision: number): number {
  const testDevice = revision === 9 ? CELL_V9_TEST_DEVICE : 0;
  const moves: readonly (readonly [number, number])[] = [
    [1, 1],
    [CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED, CELL_V9_DEBUG_CONSOLE],
    [CELL_FLAG_TEST_DEVICE, testDevice],
  ];
  let rest = flags;
  let moved = 0;
  for (const [bit, target] of moves) {
    if (target !== 0 && (rest & bit) !== 0) {
      rest -= bit;
      moved |= target;
    }
  }
  if (rest !== 0) {
    throw bad('flags', `revision ${revision} has no bits for ${hex(rest)}`);
  }
  return moved;
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
