import { firstRowShown } from '../model/scroll';
import { left, over, right, styled } from './line';
import type { SortColumn, State } from '../model/state';
import type { Glyphs } from './glyphs';
import type { Line, Span } from './line';
import type { Paper } from './paper';

export interface Column<T> {
  readonly head: string;
  readonly columns: number;
  readonly isNumber?: boolean;
  readonly sort?: SortColumn;
  /** @param recorded where the columns of histories begin: see `sparkline` */
  cell(row: T, glyphs: Glyphs, recorded: number): Span;
}

export interface Rows<T> {
  readonly rows: readonly T[];
  readonly cursor: T | undefined;
  readonly marked: ReadonlySet<number>;
  readonly recorded: number;
  readonly isFocused: boolean;
}

/** A row each below the heads of the columns, with cursor and marks: as many as there is room for below a title. */
export function tableLines<T extends { readonly id: number }>(
  columns: readonly Column<T>[],
  { rows, cursor, marked, recorded, isFocused }: Rows<T>,
  sort: State['sort'],
  { rows: paperRows, glyphs }: Paper,
): Line[] {
  const room = Math.max(paperRows - 2, 0);
  const top = firstRowShown(rows, cursor, room);
  return [
    headLine(columns, sort, glyphs),
    ...rows.slice(top, top + room).map((row) => {
      const isAtCursor = row.id === cursor?.id;
      const line: Line = [
        { text: isAtCursor ? glyphs.cursor : ' ' },
        marked.has(row.id) ? styled(glyphs.mark, 'mark') : { text: ' ' },
        ...columns.flatMap((column) => fieldOf(column, column.cell(row, glyphs, recorded))),
      ];
      return isAtCursor && isFocused ? over(line, 'cursor') : line;
    }),
  ];
}

function headLine<T>(columns: readonly Column<T>[], sort: State['sort'], glyphs: Glyphs): Line {
  const arrow = sort.isDescending ? glyphs.descending : glyphs.ascending;
  const heads = columns.map((column) => {
    const head = column.sort === sort.column ? `${column.head}${arrow}` : column.head;
    return fieldOf(column, { text: head })
      .map(({ text }) => text)
      .join('');
  });
  return [styled(`  ${heads.join('')}`, 'head')];
}

function fieldOf<T>({ columns, isNumber }: Column<T>, { text, style }: Span): Span[] {
  return [{ text: isNumber ? right(text, columns) : left(text, columns), style }, { text: ' ' }];
}
