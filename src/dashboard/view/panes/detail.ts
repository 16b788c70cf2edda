import { cellAtCursor, currentBoard } from '../../model/selectors';
import { plain } from '../line';
import { titleLine } from '../paper';
import { counterLines } from './counters';
import { deviceLines, uioLines } from './devices';
import { memoryLines } from './memory-map';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Paper } from '../paper';

/** Its Linux is the one that is looked at. */
const ROOT_CELL_ID = 0;

/**
 * All about the cell at the cursor: counters, then memory, devices and interrupts where its config is known, and what UIO
 * counts in the root cell.
 */
export function detailLines(state: State, paper: Paper): Line[] {
  const isFocused = state.pane === 'detail';
  const cell = cellAtCursor(state);
  if (!cell) return [titleLine('Detail', 'no cell', isFocused, paper)];
  const cpu = state.detailCpu !== undefined && cell.cpus.has(state.detailCpu) ? state.detailCpu : undefined;
  const config = currentBoard(state).configs.get(cell.id);
  const { uio = [] } = currentBoard(state).sample ?? {};
  const all = [
    ...counterLines(cell, cpu, currentBoard(state).sample?.recorded ?? 0, paper),
    ...(config
      ? [...memoryLines(config, paper), ...deviceLines(config)]
      : [plain(''), plain(' Memory and devices are not known: no copy of its config was kept.')]),
    ...(cell.id === ROOT_CELL_ID ? uioLines(uio) : []),
  ];
  const rows = Math.max(paper.rows - 1, 0);
  const top = Math.min(state.detailTop, Math.max(all.length - rows, 0));
  const what = `${cell.id} ${cell.name}${cpu === undefined ? '' : `, CPU ${cpu}`}`;
  const where =
    all.length > rows ? `${what}, lines ${top + 1} to ${Math.min(top + rows, all.length)} of ${all.length}` : what;
  return [titleLine('Detail', where, isFocused, paper), ...all.slice(top, top + rows)];
}
