import type { BoardState, CellState } from './board';
import type { Target } from './hand';
import type { State } from './state';
import type { Place } from '../keys/table';

export function currentBoard(state: State): BoardState {
  const board = state.boards[state.current];
  if (!board) throw new Error('a dashboard has at least one board');
  return board;
}

/** Whose keys are asked first. */
export function placeOf({ dialog, pane }: State): Place {
  return dialog?.kind ?? pane;
}

/** Cells of the current board as the table shows them: filtered, and in order. */
export function shownCells(state: State): CellState[] {
  const { sample } = currentBoard(state);
  const wanted = state.filter.toLowerCase();
  const cells = (sample?.cells ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
  const { column, isDescending } = state.sort;
  const sign = isDescending ? -1 : 1;
  return cells.sort((a, b) => sign * compare(a, b, column) || a.id - b.id);
}

function compare(a: CellState, b: CellState, column: State['sort']['column']): number {
  switch (column) {
    case 'id':
      return a.id - b.id;
    case 'name':
      return compareTexts(a.name, b.name);
    case 'state':
      return compareTexts(a.state, b.state);
    case 'exits':
      return exitsPerSecond(a) - exitsPerSecond(b);
  }
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const TOTAL = 'vmexits_total';

export function exitsPerSecond({ sum }: CellState): number {
  return sum?.rates.get(TOTAL) ?? 0;
}

/** The cell that the cursor is on; the first one when the cursor's is not shown. */
export function cellAtCursor(state: State): CellState | undefined {
  const cells = shownCells(state);
  const { cursor } = currentBoard(state);
  return cells.find(({ id }) => id === cursor) ?? cells[0];
}

/** What a hand takes: the marked cells, else the one at the cursor. */
export function targets(state: State): Target[] {
  const { marked } = currentBoard(state);
  const cells = shownCells(state).filter(({ id }) => marked.has(id));
  const chosen = cells.length > 0 ? cells : [cellAtCursor(state)].filter((cell) => cell !== undefined);
  return chosen.map(({ id, name }) => ({ id, name }));
}

/** Logs of the current board, in the order in which they are stepped through. */
export function logNames(board: BoardState): string[] {
  const [first, second, third, ...others] = ['hypervisor', 'kernel', 'events'] as const;
  const uarts = [...board.logs.keys()].filter((name) => ![first, second, third].some((one) => one === name)).sort();
  return [first, second, third, ...others, ...uarts];
}

export function hasBoards(state: State): boolean {
  return state.boards.length > 1;
}
