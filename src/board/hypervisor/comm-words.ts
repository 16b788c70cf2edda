import { commRegionAbi } from '../../abi/jailhouse';
import type { HypervisorCell, HypervisorState } from './state';

/** The words of a communication region by which hypervisor and cell talk; all else in it only informs the inmate. */
export type CommWord = 'cellState' | 'msgToCell' | 'replyFromCell';

export function readWord(state: HypervisorState, cell: HypervisorCell, word: CommWord): number {
  return state.machine.readCommWord(cell.id, offsetOf(state, word));
}

export function writeWord(state: HypervisorState, cell: HypervisorCell, word: CommWord, value: number): void {
  state.machine.writeCommWord(cell.id, offsetOf(state, word), value);
}

function offsetOf(state: HypervisorState, word: CommWord): number {
  return commRegionAbi(state.release.dialect).layout.offsetOf(word);
}
