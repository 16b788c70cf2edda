import { dialogColumns } from '../../model/confirm';
import { dialogRows } from '../../model/layout';
import { confirmBody } from './confirm';
import { framed } from './frame';
import { helpBody } from './help';
import { inputLine } from './input';
import { pickerBody } from './picker';
import type { Rect } from '../../model/layout';
import type { State } from '../../model/state';
import type { Glyphs } from '../glyphs';
import type { Line } from '../line';
import type { Body } from './body';

/** What is in front of the panes, and where. */
export interface DrawnDialog {
  readonly rect: Rect;
  readonly lines: readonly Line[];
}

const FRAME_COLUMNS = 4;
const FRAME_ROWS = 2;

export function drawDialog(state: State, glyphs: Glyphs): DrawnDialog | undefined {
  const { dialog, columns, rows } = state;
  if (!dialog) return undefined;
  if (dialog.kind === 'input') {
    return { rect: { top: Math.max(rows - 2, 0), left: 0, columns, rows: 1 }, lines: [inputLine(dialog, columns)] };
  }
  const width = dialogColumns(state) + FRAME_COLUMNS;
  const { title, lines } = bodyOf(state, dialog, dialogRows(state));
  const height = Math.min(lines.length + FRAME_ROWS, rows - 2);
  const rect = {
    top: Math.max(Math.floor((rows - height) / 2), 0),
    left: Math.max(Math.floor((columns - width) / 2), 0),
    columns: width,
    rows: height,
  };
  return { rect, lines: framed(title, lines, width, height, glyphs) };
}

type Boxed = Exclude<NonNullable<State['dialog']>, { kind: 'input' }>;

function bodyOf(state: State, dialog: Boxed, rows: number): Body {
  switch (dialog.kind) {
    case 'help':
      return helpBody(state, dialog, rows);
    case 'confirm':
      return confirmBody(state, dialog);
    case 'picker':
      return pickerBody(dialog, rows);
  }
}
