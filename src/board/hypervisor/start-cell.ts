import {
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CELL_RUNNING,
  COMM_FLAG_DBG_PUTC_ACTIVE,
  COMM_FLAG_DBG_PUTC_PERMITTED,
  commRegionAbi,
  encodeCommRegion,
  MSG_NONE,
  REPLY_NONE,
} from '../../abi/jailhouse';
import { isConsolePermitted } from './machine-cell';
import { reclaimLoadable } from './ownership/memory';
import { managedCell } from './prologue';
import { texts } from './texts';
import type { CellConfig, CommRegion } from '../../abi/jailhouse';
import type { HypervisorState } from './state';

/**
 * Starts a cell, or starts it again (jailhouse-hypervisor reference 6.2). Whether anything was loaded is not asked.
 *
 * @throws KernelError ENOENT, EINVAL, EPERM, ENOMEM, EINTR
 */
export async function startCell(state: HypervisorState, id: number, signal: AbortSignal): Promise<void> {
  const cell = await managedCell(state, id, 'hypercall CELL_START', signal);
  const { machine, release } = state;
  if (cell.loadable) {
    reclaimLoadable(state, cell);
    cell.loadable = false;
  }
  const commRegion = encodeCommRegion(commRegionOf(state, cell.config), release.dialect);
  // Before the first instruction: an inmate on the same UART must not get in between.
  machine.consoleWrite(texts.started(cell.config.name));
  machine.startCell(id, { entry: cell.config.cpuResetAddress, commRegion });
}

/** What the inmate finds in its page, as far as the release has the fields (jailhouse-abi reference 4.5). */
function commRegionOf({ release, system }: HypervisorState, config: CellConfig): CommRegion {
  const { layout } = commRegionAbi(release.dialect);
  const { arm } = system;
  const all: CommRegion = {
    cellState: CELL_RUNNING,
    msgToCell: MSG_NONE,
    replyFromCell: REPLY_NONE,
    flags:
      (isConsolePermitted(config) ? COMM_FLAG_DBG_PUTC_PERMITTED : 0) |
      ((config.flags & CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE) !== 0 ? COMM_FLAG_DBG_PUTC_ACTIVE : 0),
    ...(config.console && { console: config.console }),
    pciMmconfigBase: system.pciMmconfigBase,
    gicVersion: arm?.gicVersion ?? 0,
    gicdBase: arm?.gicdBase ?? 0n,
    giccBase: arm?.giccBase ?? 0n,
    gicrBase: arm?.gicrBase ?? 0n,
    pciCfgBase: config.pciCfgBase ?? 0n,
    pciCfgSize: config.pciCfgSize ?? 0n,
    ivshmemIrq: config.ivshmemIrq ?? 0,
    vpciIrqBase: config.vpciIrqBase,
  };
  return Object.fromEntries(Object.entries(all).filter(([field]) => layout.has(field))) as unknown as CommRegion;
}
