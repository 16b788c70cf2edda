import { EMPTY_LOG } from '../log-buffer';
import { addToLog, withBoard } from './parts';
import { withFirstTab } from './xen';
import type { BoardSample, Connection } from '../board';
import type { DashboardEvent } from '../events';
import type { State } from '../state';

/** A sample says that the board answers. What was marked and exists no longer is not marked any more. */
export function sampled(state: State, index: number, sample: BoardSample): State {
  const ids = new Set(sample.cells.map(({ id }) => id));
  const next = withBoard(state, index, (board) => ({
    ...board,
    connection: { state: 'live' },
    sample,
    marked: [...board.marked].every((id) => ids.has(id))
      ? board.marked
      : new Set([...board.marked].filter((id) => ids.has(id))),
  }));
  return withFirstTab(next);
}

/** What was known stays, so that it can be read; the view marks it as old. */
export function connectionChanged(state: State, index: number, connection: Connection): State {
  return withBoard(state, index, (board) => ({ ...board, connection }));
}

export function linkChanged(state: State, event: Extract<DashboardEvent, { kind: 'link' }>): State {
  const { board: index, link, backend } = event;
  return withBoard(state, index, (board) => ({ ...board, link, backend: backend ?? board.backend }));
}

export function logged(state: State, index: number, log: string, text: string): State {
  const before = state.boards[index]?.logs.get(log)?.lines.length ?? 0;
  const next = withBoard(state, index, (board) => addToLog(board, log, text));
  const isScrolledBack = state.logBack > 0 && index === state.current && log === state.logSource;
  if (!isScrolledBack) return next;
  // Whoever has scrolled back reads on undisturbed.
  const after = next.boards[index]?.logs.get(log)?.lines.length ?? 0;
  return { ...next, logBack: state.logBack + Math.max(after - before, 0) };
}

export function logOpened(state: State, index: number, log: string): State {
  return withBoard(state, index, (board) => ({ ...board, logs: new Map(board.logs).set(log, EMPTY_LOG) }));
}
