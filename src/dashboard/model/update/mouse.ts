import { cellAtCursor, domainAtCursor, shownCells, shownDomains } from '../selectors';
import { pickerEntries } from '../picker';
import { actInDialog } from './dialogs';
import { atBoard, atCell, moved } from './panes';
import { atDomain } from './xen';
import { firstRowShown, firstShown } from '../scroll';
import { dialogRows, pageRows } from '../layout';
import type { DashboardEvent, Step } from '../events';
import type { State } from '../state';

const TABLE_HEAD_ROWS = 2;

/** A click chooses the pane, and what is under it. A second one on the same cell opens it. */
export function clicked(state: State, { pane, row }: Extract<DashboardEvent, { kind: 'click' }>): Step<State> {
  if (pane === 'dialog') return inDialog(state, row);
  if (state.dialog) return { state, effects: [] };
  // A click beside the console that is typed into leaves it.
  const typingInto = pane === 'console' ? state.typingInto : undefined;
  const next: State = { ...state, pane, typingInto, message: undefined };
  const line = row - TABLE_HEAD_ROWS;
  if (pane === 'boards' && line >= 0) {
    const index = firstShown(state.current, state.boards.length, pageRows(state, 'boards')) + line;
    return only(index < state.boards.length ? atBoard(next, index) : next);
  }
  if (pane === 'cells' && line >= 0) {
    const cells = shownCells(state);
    const atCursor = cellAtCursor(state);
    const cell = cells[firstRowShown(cells, atCursor, pageRows(state, 'cells')) + line];
    if (!cell) return only(next);
    const isSecond = cell.id === atCursor?.id && state.pane === 'cells';
    return only(isSecond ? { ...next, isDetailShown: true, pane: 'detail' } : atCell(next, cell.id));
  }
  if (pane === 'domains' && line >= 0) {
    const atCursor = domainAtCursor(state);
    const domains = shownDomains(state);
    const domain = domains[firstRowShown(domains, atCursor, pageRows(state, 'domains')) + line];
    if (!domain) return only(next);
    const isSecond = domain.id === atCursor?.id && state.pane === 'domains';
    return only(isSecond ? { ...next, isLogShown: true, pane: 'console' } : atDomain(next, domain.id));
  }
  return only(next);
}

/** In the picker a click chooses, and a second one takes. */
function inDialog(state: State, row: number): Step<State> {
  const { dialog } = state;
  if (dialog?.kind !== 'picker') return only(state);
  const entries = pickerEntries(dialog);
  const index = firstShown(dialog.index, entries.length, dialogRows(state)) + row - PICKER_HEAD_ROWS;
  if (index < 0 || index >= entries.length) return only(state);
  if (index === dialog.index) return actInDialog(state, dialog, 'enter');
  return only({ ...state, dialog: { ...dialog, index } });
}

const PICKER_HEAD_ROWS = 2;

export function wheeled(state: State, { pane, rows }: Extract<DashboardEvent, { kind: 'wheel' }>): Step<State> {
  const { dialog } = state;
  if (dialog) return dialog.kind === 'input' ? only(state) : actInDialog(state, dialog, rows < 0 ? 'up' : 'down');
  return only(pane === 'dialog' ? state : moved(state, rows, pane));
}

function only(state: State): Step<State> {
  return { state, effects: [] };
}
