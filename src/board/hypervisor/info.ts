import { KernelError } from '../../errors';
import {
  CELL_FAILED_COMM_REV,
  CELL_RUNNING,
  cellStateName,
  CPU_INFO_STAT_BASE,
  CPU_INFO_STATE,
  CPU_STATE_FAILED,
  CPU_STATE_RUNNING,
} from '../../abi/jailhouse';
import { readWord } from './comm-words';
import { rootCellOf } from './state';
import type { CellStateName } from '../../abi/jailhouse';
import type { HypervisorState } from './state';

/** Counters are reported without their sign bit (jailhouse-abi reference 4.2). */
const COUNTER_MASK = 0x7fff_ffff;

/** Values of HYPERVISOR_GET_INFO, index: INFO_*. */
export function hypervisorInfo({ memPool, remapPool, cells }: HypervisorState): number[] {
  return [memPool.sizePages, memPool.usedPages, remapPool.sizePages, remapPool.usedPages, cells.length];
}

/** Lets inmates have the current values too. */
export function publishInfo(state: HypervisorState): void {
  state.machine.setHypervisorInfo(hypervisorInfo(state));
}

/** @throws KernelError ENOENT, EINVAL for a word that is no state */
function cellState(state: HypervisorState, id: number): number {
  const cell = state.cells.find((one) => one.id === id);
  if (!cell) {
    throw new KernelError('hypercall CELL_GET_STATE', 'ENOENT');
  }
  if (cell === rootCellOf(state)) {
    return CELL_RUNNING;
  }
  const word = readWord(state, cell, 'cellState');
  if (word > CELL_FAILED_COMM_REV) {
    throw new KernelError('hypercall CELL_GET_STATE', 'EINVAL');
  }
  return word;
}

/** What sysfs calls the state of a cell; `invalid` for a cell that does not exist, and for a word that is no state. */
export function stateName(state: HypervisorState, id: number): CellStateName {
  try {
    return cellStateName(cellState(state, id));
  } catch (error) {
    if (error instanceof KernelError) {
      return 'invalid';
    }
    throw error;
  }
}

/** @throws KernelError EINVAL for a CPU that is not the hypervisor's, or a type that does not exist */
export function cpuInfo(state: HypervisorState, cpu: number, type: number): number {
  const isOwned = state.cells.some((cell) => cell.cpus.includes(cpu));
  if (isOwned && type === CPU_INFO_STATE) {
    return state.machine.cpuState(cpu) === 'failed' ? CPU_STATE_FAILED : CPU_STATE_RUNNING;
  }
  const counter = isOwned ? state.machine.cpuCounters(cpu)[type - CPU_INFO_STAT_BASE] : undefined;
  if (counter === undefined) {
    throw new KernelError('hypercall CPU_GET_INFO', 'EINVAL');
  }
  return counter & COUNTER_MASK;
}
