import { pageRows } from '../layout';
import {
  cellAtCursor,
  currentBoard,
  domainAtCursor,
  logNames,
  shownCells,
  shownConsole,
  shownDomains,
  tabOf,
} from '../selectors';
import { SORT_COLUMNS } from '../state';
import { askForHand } from './hands';
import { visiblePanes, withoutHiddenPane } from './panes-shown';
import { clamp, say, withCurrentBoard } from './parts';
import { askForDomainHand, atDomain, attached, markDomain, otherTab, withoutDomainMarks } from './xen';
import type { Action } from '../../keys/table';
import type { Step } from '../events';
import type { Pane, State } from '../state';

const INTERVALS_MS = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

/** What an action does when no dialog is in front. */
export function act(state: State, action: Action): Step<State> {
  switch (action) {
    case 'quit':
      return { state, effects: [{ kind: 'quit' }] };
    case 'redraw':
      return { state, effects: [{ kind: 'redraw' }] };
    case 'pause':
      return sampling({ ...state, isPaused: !state.isPaused });
    case 'slower':
      return sampling({ ...state, intervalMs: nextInterval(state.intervalMs, 1) });
    case 'faster':
      return sampling({ ...state, intervalMs: nextInterval(state.intervalMs, -1) });
    case 'shutdown':
    case 'destroy':
      return tabOf(state) === 'domains' ? askForDomainHand(state, action) : askForHand(state, action);
    case 'pause-domain':
      return askForDomainHand(state, 'pause');
    case 'unpause':
    case 'reboot':
      return askForDomainHand(state, action);
    case 'start':
    case 'load':
    case 'create':
    case 'enable':
    case 'disable':
      return askForHand(state, action);
    default:
      return { state: look(state, action), effects: [] };
  }
}

/** Actions that change only what is looked at. */
function look(state: State, action: Action): State {
  switch (action) {
    case 'up':
      return moved(state, -1);
    case 'down':
      return moved(state, 1);
    case 'page-up':
      return moved(state, -pageRows(state, state.pane));
    case 'page-down':
      return moved(state, pageRows(state, state.pane));
    case 'top':
      return moved(state, -Infinity);
    case 'bottom':
      return moved(state, Infinity);
    case 'left':
      return { ...state, columnOffset: Math.max(state.columnOffset - 1, 0) };
    case 'right':
      return { ...state, columnOffset: state.columnOffset + 1 };
    case 'enter':
      return entered(state);
    case 'back':
      return back(state);
    case 'next-pane':
      return inPane(state, 1);
    case 'previous-pane':
      return inPane(state, -1);
    case 'filter':
      return { ...state, dialog: { kind: 'input', purpose: 'filter', text: state.filter, before: state.filter } };
    case 'command':
      return { ...state, dialog: { kind: 'input', purpose: 'command', text: '', before: state.filter } };
    case 'help':
      return { ...state, dialog: { kind: 'help', top: 0 } };
    case 'sort':
      return sorted(state);
    case 'sort-reverse':
      return { ...state, sort: { ...state.sort, isDescending: !state.sort.isDescending } };
    case 'toggle-log':
      return withoutHiddenPane({ ...state, isLogShown: !state.isLogShown });
    case 'toggle-detail':
      return withoutHiddenPane({ ...state, isDetailShown: !state.isDetailShown });
    case 'next-log':
      return withLog(state, 1);
    case 'previous-log':
      return withLog(state, -1);
    case 'next-cpu':
      return { ...state, detailCpu: nextCpu(state) };
    case 'all-cpus':
      return { ...state, detailCpu: undefined };
    case 'mark':
      return marked(state);
    case 'other-tab':
      return otherTab(state);
    case 'attach':
      return attached(state);
    case 'detach':
      return { ...state, typingInto: undefined };
    default:
      return state;
  }
}

/** Moves the cursor, or scrolls: whatever the pane has. */
export function moved(state: State, rows: number, pane: Pane = state.pane): State {
  switch (pane) {
    case 'boards':
      return atBoard(state, clamp(state.current + rows, 0, state.boards.length - 1));
    case 'cells': {
      const cells = shownCells(state);
      const at = cells.findIndex(({ id }) => id === cellAtCursor(state)?.id);
      return atCell(state, cells[clamp(at + rows, 0, cells.length - 1)]?.id);
    }
    case 'domains': {
      const domains = shownDomains(state);
      const at = domains.findIndex(({ id }) => id === domainAtCursor(state)?.id);
      return atDomain(state, domains[clamp(at + rows, 0, domains.length - 1)]?.id);
    }
    case 'console': {
      const console = shownConsole(state);
      const { xen } = currentBoard(state);
      const lines = (console && xen?.consoles.get(console.domain)?.lines.length) ?? 0;
      const last = Math.max(lines - pageRows(state, 'console'), 0);
      return { ...state, consoleBack: clamp(state.consoleBack - rows, 0, last) };
    }
    case 'detail':
      // The view knows how long it is, and shows the last page when this is past it.
      return { ...state, detailTop: clamp(state.detailTop + rows, 0, LAST_LINE) };
    case 'log': {
      const lines = currentBoard(state).logs.get(state.logSource)?.lines.length ?? 0;
      return { ...state, logBack: clamp(state.logBack - rows, 0, Math.max(lines - pageRows(state, 'log'), 0)) };
    }
  }
}

/** Stands for the end of the details. */
export const LAST_LINE = 1_000_000;

export function atBoard(state: State, index: number): State {
  if (index === state.current) return state;
  return withoutHiddenPane({
    ...state,
    current: index,
    detailTop: 0,
    detailCpu: undefined,
    logBack: 0,
    consoleBack: 0,
  });
}

export function atCell(state: State, id: number | undefined): State {
  if (id === undefined || id === currentBoard(state).cursor) return state;
  return { ...withCurrentBoard(state, (board) => ({ ...board, cursor: id })), detailTop: 0, detailCpu: undefined };
}

function entered(state: State): State {
  switch (state.pane) {
    case 'boards':
      return { ...state, pane: tabOf(state) };
    case 'domains':
      return { ...state, isLogShown: true, pane: 'console' };
    case 'cells':
      return { ...state, isDetailShown: true, pane: 'detail' };
    default:
      return state;
  }
}

function back(state: State): State {
  if (state.pane === 'detail' || state.pane === 'log') return { ...state, pane: 'cells', logBack: 0 };
  if (state.pane === 'console') return { ...state, pane: 'domains', consoleBack: 0 };
  if (tabOf(state) === 'domains' && currentBoard(state).xen?.marked.size) return withoutDomainMarks(state);
  if (currentBoard(state).marked.size > 0) {
    return withCurrentBoard(state, (board) => ({ ...board, marked: new Set<number>() }));
  }
  return state.filter === '' ? state : { ...state, filter: '' };
}

function inPane(state: State, step: 1 | -1): State {
  const panes = visiblePanes(state);
  const at = panes.indexOf(state.pane);
  return { ...state, pane: panes[(at + step + panes.length) % panes.length] ?? tabOf(state) };
}

function sorted(state: State): State {
  const at = SORT_COLUMNS.indexOf(state.sort.column);
  const column = SORT_COLUMNS[(at + 1) % SORT_COLUMNS.length] ?? 'id';
  // Of exits the many come first.
  return { ...state, sort: { column, isDescending: column === 'exits' } };
}

function withLog(state: State, step: 1 | -1): State {
  const logs = logNames(currentBoard(state));
  const at = Math.max(logs.indexOf(state.logSource), 0);
  const logSource = logs[(at + step + logs.length) % logs.length] ?? state.logSource;
  return { ...state, logSource, logBack: 0, isLogShown: true };
}

function nextCpu(state: State): number | undefined {
  const cpus = [...(cellAtCursor(state)?.cpus.keys() ?? [])];
  if (state.detailCpu === undefined) return cpus[0];
  return cpus[(cpus.indexOf(state.detailCpu) + 1) % cpus.length];
}

function marked(state: State): State {
  if (state.pane === 'domains') {
    const domain = domainAtCursor(state);
    return domain ? moved(markDomain(state, domain.id), 1) : state;
  }
  const id = cellAtCursor(state)?.id;
  if (id === undefined) return state;
  const changed = withCurrentBoard(state, (board) => {
    const marks = new Set(board.marked);
    if (!marks.delete(id)) marks.add(id);
    return { ...board, marked: marks };
  });
  return moved(changed, 1, 'cells');
}

function nextInterval(intervalMs: number, step: 1 | -1): number {
  const next =
    step === 1 ? INTERVALS_MS.find((one) => one > intervalMs) : INTERVALS_MS.findLast((one) => one < intervalMs);
  return next ?? intervalMs;
}

/** Says how it is sampled now, and has it done. */
export function sampling(state: State): Step<State> {
  const { intervalMs, isPaused } = state;
  const text = isPaused ? 'sampling is paused; p goes on' : `a sample every ${intervalMs / 1000} s`;
  return { state: say(state, text), effects: [{ kind: 'sampling', intervalMs, isPaused }] };
}
