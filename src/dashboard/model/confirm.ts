import { dialogRows } from './layout';
import type { ConfirmDialog } from './dialog';
import type { State } from './state';

const MAX_COLUMNS = 100;
const FRAME_COLUMNS = 4;
/** The question, its answers, where one is in the details, and a line between. */
const QUESTION_ROWS = 4;

/** Columns that a dialog has for text. */
export function dialogColumns({ columns }: Pick<State, 'columns'>): number {
  return Math.max(Math.min(columns - 4, MAX_COLUMNS) - FRAME_COLUMNS, 1);
}

/** Details of a question, each as many lines as it needs. */
export function detailsOf({ details }: ConfirmDialog, columns: number): string[] {
  return details.flatMap((line) => wrapped(line, columns));
}

export function detailRows(state: State): number {
  return Math.max(dialogRows(state) - QUESTION_ROWS, 1);
}

/** At spaces where there are some; what follows stands in as far as the first line did, and two columns more. */
export function wrapped(text: string, columns: number): string[] {
  const indent = ' '.repeat(Math.min((/^ */.exec(text)?.[0].length ?? 0) + 2, Math.floor(columns / 2)));
  const lines: string[] = [];
  let rest = text;
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const end = space > indent.length ? space : columns;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
