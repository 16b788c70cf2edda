import { handInWords } from '../hand';
import { pickerEntries } from '../picker';
import { complain, note, say, withBoard } from './parts';
import type { FolderEntry } from '../dialog';
import type { DashboardEvent } from '../events';
import type { Hand } from '../hand';
import type { State } from '../state';

/** What came of what the model wanted done. */
export function handDone(state: State, index: number, hand: Hand): State {
  const text = `done: ${handInWords(hand)}`;
  return say(note(notBusy(state, index, hand), index, `${text}\n`), text);
}

export function failed(state: State, event: Extract<DashboardEvent, { kind: 'failed' }>): State {
  const before = event.hand ? notBusy(state, event.board, event.hand) : state;
  return complain(before, event.board, event.problem);
}

/** What was checked is asked for; with the answer it is done. */
export function checked(state: State, event: Extract<DashboardEvent, { kind: 'checked' }>): State {
  const { board, hand, question, details } = event;
  return { ...state, message: undefined, dialog: { kind: 'confirm', board, hand, question, details, top: 0 } };
}

export function folderRead(state: State, folder: string, entries: readonly FolderEntry[]): State {
  const { dialog } = state;
  if (dialog?.kind !== 'picker' || dialog.folder !== folder) return state;
  const read = { ...dialog, entries, problem: undefined };
  // The folder above is first in the list, and last in what one looks for.
  return { ...state, dialog: { ...read, index: pickerEntries(read).length > 1 ? 1 : 0 } };
}

export function folderFailed(state: State, folder: string, problem: string): State {
  const { dialog } = state;
  if (dialog?.kind !== 'picker' || dialog.folder !== folder) return state;
  return { ...state, dialog: { ...dialog, entries: [], problem } };
}

export function busy(state: State, index: number, hand: Hand): State {
  return withBoard(state, index, (board) => ({ ...board, busy: [...board.busy, handInWords(hand)] }));
}

function notBusy(state: State, index: number, hand: Hand): State {
  const words = handInWords(hand);
  return withBoard(state, index, (board) => {
    const at = board.busy.indexOf(words);
    return { ...board, busy: board.busy.filter((_, one) => one !== at) };
  });
}
