import { tabOf } from './selectors';
import type { Pane, State } from './state';

export interface Rect {
  readonly top: number;
  readonly left: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Layout {
  readonly header: Rect;
  readonly cpus: Rect;
  /** Panes that there is room for, and that are wanted. The first row of each is its title. */
  readonly panes: Partial<Readonly<Record<Pane, Rect>>>;
  readonly message: Rect;
  readonly footer: Rect;
}

/** From here on the log stands beside the details. */
const WIDE_COLUMNS = 140;
const HEADER_ROWS = 2;
/** Title and column heads. */
const TABLE_ROWS = 2;
const MAX_BOARD_ROWS = 8;
const MIN_CELL_ROWS = TABLE_ROWS + 3;
const MIN_LOG_ROWS = 4;
const MIN_DETAIL_ROWS = 4;

/** Where everything stands, for a screen of any size. */
export function layoutOf(state: State): Layout {
  const { columns, rows } = state;
  const row = (top: number, count: number): Rect => ({ top, left: 0, columns, rows: Math.max(count, 0) });
  const messageRows = state.message === undefined ? 0 : state.message.hint === undefined ? 1 : 2;
  const footer = row(rows - 1, 1);
  const message = row(rows - 1 - messageRows, messageRows);
  let top = HEADER_ROWS + 1;
  let left = Math.max(rows - top - 1 - messageRows, 0);
  const take = (count: number): Rect => {
    const rect = row(top, Math.min(count, left));
    top += rect.rows;
    left -= rect.rows;
    return rect;
  };

  const panes: Partial<Record<Pane, Rect>> = {};
  if (state.boards.length > 1) panes.boards = take(Math.min(state.boards.length + TABLE_ROWS, MAX_BOARD_ROWS));
  if (tabOf(state) === 'domains') {
    const count = state.boards[state.current]?.xen?.figures?.domains.length ?? 0;
    const least = Math.max(left - Math.max(Math.floor(left / 2), MIN_LOG_ROWS), MIN_CELL_ROWS);
    panes.domains = take(state.isLogShown ? Math.min(Math.max(count + TABLE_ROWS, MIN_CELL_ROWS), least) : left);
    if (state.isLogShown) panes.console = take(left);
    return { header: row(0, HEADER_ROWS), cpus: row(HEADER_ROWS, 1), panes, message, footer };
  }
  const cellCount = state.boards[state.current]?.sample?.cells.length ?? 0;
  const wanted = Math.max(cellCount + TABLE_ROWS, MIN_CELL_ROWS);
  const { isDetailShown, isLogShown } = state;
  if (!isDetailShown && !isLogShown) {
    panes.cells = take(left);
  } else if (columns >= WIDE_COLUMNS && isDetailShown && isLogShown) {
    panes.cells = take(Math.min(wanted, Math.max(Math.floor(left / 2), MIN_CELL_ROWS)));
    const below = take(left);
    const half = Math.ceil(columns * 0.55);
    panes.detail = { ...below, columns: half };
    panes.log = { ...below, left: half, columns: columns - half };
  } else {
    const log = isLogShown ? Math.max(Math.floor(left * 0.3), MIN_LOG_ROWS) : 0;
    const detail = isDetailShown ? MIN_DETAIL_ROWS : 0;
    panes.cells = take(Math.min(wanted, Math.max(left - log - detail, MIN_CELL_ROWS)));
    const room = isLogShown ? left - log : left;
    // A title without a line below it says nothing.
    if (isDetailShown && room > 1) panes.detail = take(room);
    if (isLogShown) panes.log = take(left);
  }
  return { header: row(0, HEADER_ROWS), cpus: row(HEADER_ROWS, 1), panes, message, footer };
}

/** Lines of a pane below its title, and below the column heads where it has some. */
export function pageRows(state: State, pane: Pane): number {
  const rows = layoutOf(state).panes[pane]?.rows ?? 0;
  return Math.max(rows - (pane === 'cells' || pane === 'domains' || pane === 'boards' ? TABLE_ROWS : 1), 0);
}

/** Lines of text that a dialog has room for: what the screen has but its frame, its title and its keys. */
export function dialogRows({ rows }: State): number {
  return Math.max(rows - 8, 1);
}
