import { publishInfo } from './info';
import { announceReconfiguration } from './messages';
import { moveCpus } from './ownership/cpus';
import { returnToRoot } from './ownership/memory';
import { removeDevices } from './ownership/pci';
import { managedCell } from './prologue';
import { rootCellOf } from './state';
import { texts } from './texts';
import type { HypervisorState } from './state';

/**
 * Ends a cell; CPUs, memory, interrupts and devices go back to the root cell (jailhouse-hypervisor reference 6.2).
 *
 * @throws KernelError ENOENT, EINVAL, EPERM, EINTR
 */
export async function destroyCell(state: HypervisorState, id: number, signal: AbortSignal): Promise<void> {
  const cell = await managedCell(state, id, 'hypercall CELL_DESTROY', signal);
  const { machine, memPool, release } = state;
  machine.consoleWrite(texts.closing(cell.config.name));
  machine.destroyCell(id);
  moveCpus(cell.cpus, cell, rootCellOf(state));
  returnToRoot(state, cell);
  removeDevices(state, cell);
  cell.tables.release();
  memPool.free(cell.ownPages);
  state.cells.splice(state.cells.indexOf(cell), 1);
  if (release.printsIommu) {
    machine.consoleWrite(texts.iommuCommit(cell.config.name));
  }
  publishInfo(state);
  await announceReconfiguration(state, signal);
  machine.consoleWrite(texts.pools('after cell destruction', state));
}
