import {
  CELL_FLAG_PASSIVE_COMMREG,
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
  SYS_FLAG_VIRTUAL_DEBUG_CONSOLE,
} from '../../abi/jailhouse';
import { bad, hex } from './value';
import type { CellConfig, Console, SystemConfig } from '../../abi/jailhouse';

/**
 * A system of revision 8 or 9 in the words of revision 10: the console's type has a field of its own, and whether root may
 * read the hypervisor's log is a flag of the system (jailhouse-abi reference 3.1 and 3.5).
 *
 * @throws ConfigError for flags that revision 10 has no place for
 */
export function systemFromRevision9(system: SystemConfig): SystemConfig {
  const rootPage = (system.debugConsole.flags & CON_V9_ROOTPAGE) !== 0;
  return {
    ...system,
    flags: rootPage ? SYS_FLAG_VIRTUAL_DEBUG_CONSOLE : 0,
    debugConsole: consoleFromRevision9(system.debugConsole),
    pciDomain: system.pciDomain ?? 0,
    rootCell: cellFromRevision9(system.rootCell),
  };
}

export function cellFromRevision9(cell: CellConfig): CellConfig {
  const moves: readonly (readonly [number, number])[] = [
    [CELL_FLAG_PASSIVE_COMMREG, CELL_FLAG_PASSIVE_COMMREG],
    [CELL_V9_DEBUG_CONSOLE, CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED],
    [CELL_V9_TEST_DEVICE, CELL_FLAG_TEST_DEVICE],
  ];
  const known = moves.reduce((bits, [from]) => bits | from, 0);
  if ((cell.flags & ~known) !== 0) {
    throw bad('flags', `revision 10 has no bits for ${hex((cell.flags & ~known) >>> 0)}`);
  }
  return { ...cell, flags: moves.reduce((bits, [from, to]) => (cell.flags & from ? bits | to : bits), 0) };
}

function consoleFromRevision9(console: Console): Console {
  const { flags } = console;
  const unknown = flags & ~(CON_V9_TYPE_MASK | CON_V9_MMIO | CON_V9_REGDIST_4 | CON_V9_ROOTPAGE);
  if (unknown !== 0) {
    throw bad('debugConsole', `revision 10 cannot say flags ${hex(unknown >>> 0)}`);
  }
  return {
    ...console,
    type: flags & CON_V9_TYPE_MASK,
    flags: (flags & CON_V9_MMIO ? CON_FLAG_MMIO : 0) | (flags & CON_V9_REGDIST_4 ? CON_FLAG_REGDIST_4 : 0),
  };
}
