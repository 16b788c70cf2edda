import { appendLog, EMPTY_LOG } from '../log-buffer';
import type { BoardState } from '../board';
import type { Problem } from '../problem';
import type { State } from '../state';

/** Log of what happened to a board, and of what was done to it. */
export const EVENT_LOG = 'events';

export function withBoard(state: State, index: number, change: (board: BoardState) => BoardState): State {
  return { ...state, boards: state.boards.map((board, at) => (at === index ? change(board) : board)) };
}

export function withCurrentBoard(state: State, change: (board: BoardState) => BoardState): State {
  return withBoard(state, state.current, change);
}

/** Says something in the line above the keys. */
export function say(state: State, text: string): State {
  return { ...state, message: { text, isProblem: false } };
}

/** Says what went wrong, where it stays until a key is pressed, and in the log of events, where it stays for good. */
export function complain(state: State, index: number, { text, hint }: Problem): State {
  const lines = [text, ...(hint === undefined ? [] : [`hint: ${hint}`])].map((line) => `${line}\n`).join('');
  const board = state.boards[index];
  const prefix = state.boards.length > 1 && board ? `${board.name}: ` : '';
  return { ...note(state, index, lines), message: { text: prefix + text, hint, isProblem: true } };
}

/** Adds lines to the log of events. */
export function note(state: State, index: number, lines: string): State {
  return withBoard(state, index, (board) => addToLog(board, EVENT_LOG, lines));
}

export function addToLog(board: BoardState, log: string, text: string): BoardState {
  return { ...board, logs: new Map(board.logs).set(log, appendLog(board.logs.get(log) ?? EMPTY_LOG, text)) };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
