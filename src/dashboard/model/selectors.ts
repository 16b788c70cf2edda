import { DOMAIN_0 } from './domain';
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

/** Domains of the current board as the table shows them: filtered, and in order. */
export function shownDomains(state: State): DomainState[] {
  const wanted = state.filter.toLowerCase();
  const all = currentBoard(state).xen?.figures?.domains ?? [];
  const domains = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  const { column, isDescending } = state.sort;
  const sign = isDescending ? -1 : 1;
  return domains.sort((a, b) => sign * compareDomains(a, b, column) || a.id - b.id);
}

function compareDomains(a: DomainState, b: DomainState, column: State['sort']['column']): number {
  switch (column) {
    case 'id':
      return a.id - b.id;
    case 'name':
      return compareTexts(a.name, b.name);
    case 'state':
      return compareTexts(a.state, b.state);
    case 'exits':
      return (a.cpuPercent ?? 0) - (b.cpuPercent ?? 0);
  }
}

/** The domain that the cursor is on; the first one when the cursor's is not shown. */
export function domainAtCursor(state: State): DomainState | undefined {
  const domains = shownDomains(state);
  const cursor = currentBoard(state).xen?.cursor;
  return domains.find(({ id }) => id === cursor) ?? domains[0];
}

/** What a hand takes: the marked domains, else the one at the cursor. */
export function domainTargets(state: State): Target[] {
  const marked = currentBoard(state).xen?.marked;
  const domains = shownDomains(state).filter(({ id }) => marked?.has(id));
  const chosen = domains.length > 0 ? domains : [domainAtCursor(state)].filter((domain) => domain !== undefined);
  return chosen.map(({ id, name }) => ({ id, name }));
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
