import { KernelError } from '../../errors';
import { CELL_RUNNING_LOCKED } from '../../abi/jailhouse';
import { readWord } from './comm-words';
import { requestShutdown } from './messages';
import { rootCellOf } from './state';
import type { HypervisorCell, HypervisorState } from './state';

/** Whether a cell other than the root cell and `exception` forbids changes to the partitioning. */
export function isLocked(state: HypervisorState, exception?: HypervisorCell): boolean {
  return state.cells
    .slice(1)
    .some((cell) => cell !== exception && readWord(state, cell, 'cellState') === CELL_RUNNING_LOCKED);
}

/**
 * What START, SET_LOADABLE and DESTROY begin with (jailhouse-hypervisor reference 6.2): finds the cell, and has it agree
 * to being stopped.
 *
 * @throws KernelError ENOENT, EINVAL for the root cell, EPERM, EINTR
 */
export async function managedCell(
  state: HypervisorState,
  id: number,
  operation: 'hypercall CELL_START' | 'hypercall CELL_SET_LOADABLE' | 'hypercall CELL_DESTROY',
  signal: AbortSignal,
): Promise<HypervisorCell> {
  const cell = state.cells.find((one) => one.id === id);
  if (!cell) {
    throw new KernelError(operation, 'ENOENT');
  }
  if (cell === rootCellOf(state)) {
    throw new KernelError(operation, 'EINVAL');
  }
  const mayDestroy = operation !== 'hypercall CELL_DESTROY' || !isLocked(state, cell);
  if (!mayDestroy || !(await requestShutdown(state, cell, signal))) {
    throw new KernelError(operation, 'EPERM');
  }
  return cell;
}
