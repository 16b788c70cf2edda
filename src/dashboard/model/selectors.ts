import { DOMAIN_0, NEW_XEN } from './domain';
import type { BoardState, CellState } from './board';
import type { ConsoleRef, DomainState } from './domain';
import type { Target } from './hand';
import type { State, Tab } from './state';
import type { Place } from '../keys/table';

export function currentBoard(state: State): BoardState {
  const board = state.boards[state.current];
  if (!board) throw new Error('a dashboard has at least one board');
  return board;
}

/** Whose keys are asked first. */
export function placeOf({ dialog, pane, typingInto }: State): Place {
  return dialog?.kind ?? (typingInto ? 'typing' : pane);
}

/** What is shown of the current board. */
export function tabOf(state: State): Tab {
  return state.tab === 'domains' && currentBoard(state).xen ? 'domains' : 'cells';
}

/** What a table has rows of. */
interface Row {
  readonly id: number;
  readonly name: string;
  readonly state: string;
}

/** Cells of the current board as the table shows them: filtered, and in order. */
export function shownCells(state: State): CellState[] {
  return arranged(currentBoard(state).sample?.cells ?? [], state, exitsPerSecond);
}

/** @param cost what the last column to sort by goes by */
function arranged<T extends Row>(rows: readonly T[], { filter, sort }: State, cost: (row: T) => number): T[] {
  const wanted = filter.toLowerCase();
  const sign = sort.isDescending ? -1 : 1;
  return rows
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => sign * compare(a, b, sort.column, cost) || a.id - b.id);
}

function compare<T extends Row>(a: T, b: T, column: State['sort']['column'], cost: (row: T) => number): number {
  switch (column) {
    case 'id':
      return a.id - b.id;
    case 'name':
      return compareTexts(a.name, b.name);
    case 'state':
      return compareTexts(a.state, b.state);
    case 'exits':
      return cost(a) - cost(b);
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
  return atCursor(shownCells(state), currentBoard(state).cursor);
}

function atCursor<T extends Row>(rows: readonly T[], cursor: number | undefined): T | undefined {
  return rows.find(({ id }) => id === cursor) ?? rows[0];
}

/** What a hand takes: the marked cells, else the one at the cursor. */
export function targets(state: State): Target[] {
  const { marked, cursor } = currentBoard(state);
  return chosen(shownCells(state), marked, cursor);
}

function chosen(rows: readonly Row[], marked: ReadonlySet<number>, cursor: number | undefined): Target[] {
  const all = rows.filter(({ id }) => marked.has(id));
  const taken = all.length > 0 ? all : [atCursor(rows, cursor)].filter((row) => row !== undefined);
  return taken.map(({ id, name }) => ({ id, name }));
}

/** Logs of the current board, in the order in which they are stepped through. */
export function logNames(board: BoardState): string[] {
  const [first, second, third, ...others] = ['hypervisor', 'kernel', 'events'] as const;
  const uarts = [...board.logs.keys()].filter((name) => ![first, second, third].some((one) => one === name)).sort();
  return [first, second, third, ...others, ...uarts];
}

/** Domains of the current board as the table shows them: filtered, and in order. */
export function shownDomains(state: State): DomainState[] {
  const domains = currentBoard(state).xen?.figures?.domains ?? [];
  return arranged(domains, state, ({ cpuPercent }) => cpuPercent ?? 0);
}

/** The domain that the cursor is on; the first one when the cursor's is not shown. */
export function domainAtCursor(state: State): DomainState | undefined {
  return atCursor(shownDomains(state), currentBoard(state).xen?.cursor);
}

/** What a hand takes: the marked domains, else the one at the cursor. */
export function domainTargets(state: State): Target[] {
  const { marked, cursor } = currentBoard(state).xen ?? NEW_XEN;
  return chosen(shownDomains(state), marked, cursor);
}

/** The console that is shown: the one that is typed into, else the one of the domain at the cursor. */
export function shownConsole(state: State): ConsoleRef | undefined {
  if (state.typingInto) return state.typingInto;
  if (tabOf(state) !== 'domains' || !state.isLogShown) return undefined;
  const domain = domainAtCursor(state);
  return domain && { board: state.current, domain: domain.id };
}

/** Whether there is somebody to type to. */
export function canType(state: State): boolean {
  const console = shownConsole(state);
  return !state.isReadOnly && console !== undefined && console.domain !== DOMAIN_0;
}
