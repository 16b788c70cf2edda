import { CELL_SHUT_DOWN } from '../../abi/jailhouse';
import { writeWord } from './comm-words';
import { lendLoadable } from './ownership/memory';
import { managedCell } from './prologue';
import { texts } from './texts';
import type { HypervisorState } from './state';

/**
 * Stops a cell and lets the root cell reach its LOADABLE memory (jailhouse-hypervisor reference 6.2).
 *
 * @throws KernelError ENOENT, EINVAL, EPERM, ENOMEM, EINTR
 */
export async function setLoadable(state: HypervisorState, id: number, signal: AbortSignal): Promise<void> {
  const cell = await managedCell(state, id, 'hypercall CELL_SET_LOADABLE', signal);
  state.machine.parkCell(id);
  if (cell.loadable) {
    return;
  }
  writeWord(state, cell, 'cellState', CELL_SHUT_DOWN);
  cell.loadable = true;
  lendLoadable(state, cell);
  state.machine.consoleWrite(texts.loadable(cell.config.name));
}
