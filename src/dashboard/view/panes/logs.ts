import { currentBoard, logNames } from '../../model/selectors';
import { plain } from '../line';
import { titleLine } from '../paper';
import { tailLines } from './tail';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Paper } from '../paper';

/** The end of a log, or what the person has scrolled back to. */
export function logLines(state: State, paper: Paper): Line[] {
  const board = currentBoard(state);
  const lines = board.logs.get(state.logSource)?.lines ?? [];
  const names = logNames(board).map((name) => (name === state.logSource ? `[${name}]` : name));
  const back = state.logBack > 0 ? `  ${state.logBack} lines back, G follows` : '';
  return [
    titleLine('Log', names.join(' ') + back, state.pane === 'log', paper),
    ...tailLines(lines, state.logBack, paper.rows - 1),
    ...(lines.length === 0 ? [plain(' (nothing yet)')] : []),
  ];
}
