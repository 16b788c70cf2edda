import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { cellAtCursor, currentBoard, exitsPerSecond, shownCells } from '../../model/selectors';
import { firstShown } from '../../model/scroll';
import { rateInWords, sparkline } from '../figures';
import { left, over, plain, right, styled } from '../line';
import { titleLine } from '../paper';
import { stateStyle } from '../theme';
import type { CellState } from '../../model/board';
import type { SortColumn, State } from '../../model/state';
import type { Glyphs } from '../glyphs';
import type { Line, Span } from '../line';
import type { Paper } from '../paper';

interface Column {
  readonly head: string;
  readonly columns: number;
  readonly isNumber?: boolean;
  readonly sort?: SortColumn;
  cell(cell: CellState, glyphs: Glyphs, recorded: number): Span;
}

/** These stay at the left. */
const FIXED: readonly Column[] = [
  { head: 'ID', columns: 3, isNumber: true, sort: 'id', cell: ({ id }) => ({ text: `${id}` }) },
  { head: 'NAME', columns: 16, sort: 'name', cell: ({ name }) => ({ text: name }) },
];

/** What 80 columns have left. */
const SPARK_COLUMNS = 18;

const MOVABLE: readonly Column[] = [
  { head: 'STATE', columns: 14, sort: 'state', cell: ({ state }) => styled(state, stateStyle(state)) },
  { head: 'CPUS', columns: 7, cell: ({ assignedCpus }) => ({ text: formatCpuList(assignedCpus) || '-' }) },
  {
    head: 'FAILED',
    columns: 6,
    cell: ({ failedCpus }) => (failedCpus.length > 0 ? styled(formatCpuList(failedCpus), 'failed') : { text: '-' }),
  },
  {
    head: 'EXITS/S',
    columns: 8,
    isNumber: true,
    sort: 'exits',
    cell: (cell) => ({ text: cell.sum ? rateInWords(exitsPerSecond(cell)) : '-' }),
  },
  {
    head: 'LAST TWO MINUTES',
    columns: SPARK_COLUMNS,
    cell: ({ sum }, glyphs, recorded) =>
      styled(sparkline(sum?.histories.get('vmexits_total') ?? [], SPARK_COLUMNS, recorded, glyphs), 'figure'),
  },
  // The counters that arm64 has (jailhouse-abi reference 2), per second.
  ...(
    [
      ['MMIO', 'vmexits_mmio'],
      ['MGMT', 'vmexits_management'],
      ['HCALL', 'vmexits_hypercall'],
      ['MAINT', 'vmexits_maintenance'],
      ['VIRQ', 'vmexits_virt_irq'],
      ['VSGI', 'vmexits_virt_sgi'],
      ['PSCI', 'vmexits_psci'],
      ['SMCCC', 'vmexits_smccc'],
    ] as const
  ).map(([head, counter]): Column => ({
    head,
    columns: 6,
    isNumber: true,
    cell: ({ sum }) => ({ text: rateInWords(sum?.rates.get(counter)) }),
  })),
];

/** The cells of the board, a line each. */
export function cellLines(state: State, paper: Paper): Line[] {
  const isFocused = state.pane === 'cells';
  const cells = shownCells(state);
  const atCursor = cellAtCursor(state);
  const rows = Math.max(paper.rows - 2, 0);
  const at = Math.max(
    cells.findIndex(({ id }) => id === atCursor?.id),
    0,
  );
  const top = firstShown(at, cells.length, rows);
  const columns = [...FIXED, ...MOVABLE.slice(Math.min(state.columnOffset, MOVABLE.length - 1))];
  const { marked, sample } = currentBoard(state);
  return [
    titleLine('Cells', infoOf(state, cells.length), isFocused, paper),
    headLine(columns, state, paper),
    ...cells.slice(top, top + rows).map((cell) => {
      const isAtCursor = cell.id === atCursor?.id;
      const line: Line = [
        { text: isAtCursor ? paper.glyphs.cursor : ' ' },
        marked.has(cell.id) ? styled(paper.glyphs.mark, 'mark') : { text: ' ' },
        ...columns.flatMap((column) => fieldOf(column, column.cell(cell, paper.glyphs, sample?.recorded ?? 0))),
      ];
      return isAtCursor && isFocused ? over(line, 'cursor') : line;
    }),
    ...(cells.length === 0 ? [plain(`   ${whyNone(state)}`)] : []),
  ];
}

function headLine(columns: readonly Column[], { sort }: State, { glyphs }: Paper): Line {
  const arrow = sort.isDescending ? glyphs.descending : glyphs.ascending;
  const heads = columns.map((column) => {
    const head = column.sort === sort.column ? `${column.head}${arrow}` : column.head;
    return fieldOf(column, { text: head })
      .map(({ text }) => text)
      .join('');
  });
  return [styled(`  ${heads.join('')}`, 'head')];
}

function fieldOf({ columns, isNumber }: Column, { text, style }: Span): Span[] {
  return [{ text: isNumber ? right(text, columns) : left(text, columns), style }, { text: ' ' }];
}

function infoOf(state: State, shown: number): string {
  const { sample, marked, connection } = currentBoard(state);
  const all = sample?.cells.length ?? 0;
  const parts = [shown === all ? `${all}` : `${shown} of ${all}`];
  if (sample && connection.state !== 'live')
    parts.push(`as of ${new Date(sample.takenAtMs).toTimeString().slice(0, 8)}`);
  if (state.filter !== '') parts.push(`filter '${state.filter}'`);
  if (marked.size > 0) parts.push(`${marked.size} marked`);
  if (sample && sample.failures.length > 0) parts.push(`not all could be read: ${sample.failures[0]}`);
  return parts.join(', ');
}

function whyNone(state: State): string {
  const { sample, connection } = currentBoard(state);
  if (!sample?.status) return connection.state === 'connecting' ? 'waiting for the board' : 'nothing is known';
  if (!sample.status.present) return 'the driver is not loaded: modprobe jailhouse';
  if (!sample.status.enabled) {
    return state.isReadOnly
      ? 'Jailhouse is not enabled'
      : 'Jailhouse is not enabled: E enables it with a system config';
  }
  return state.filter === '' ? 'no cells' : `no cell has '${state.filter}' in its name; Esc shows all`;
}
