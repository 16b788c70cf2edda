import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { cellAtCursor, currentBoard, exitsPerSecond, shownCells } from '../../model/selectors';
import { rateInWords, sparkline } from '../figures';
import { plain, styled } from '../line';
import { titleLine } from '../paper';
import { tableLines } from '../table';
import { stateStyle } from '../style';
import type { CellState } from '../../model/board';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Paper } from '../paper';
import type { Column } from '../table';

/** These stay at the left. */
const FIXED: readonly Column<CellState>[] = [
  { head: 'ID', columns: 3, isNumber: true, sort: 'id', cell: ({ id }) => ({ text: `${id}` }) },
  { head: 'NAME', columns: 16, sort: 'name', cell: ({ name }) => ({ text: name }) },
];

/** What 80 columns have left. */
const SPARK_COLUMNS = 18;

const MOVABLE: readonly Column<CellState>[] = [
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
  ).map(([head, counter]): Column<CellState> => ({
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
  const columns = [...FIXED, ...MOVABLE.slice(Math.min(state.columnOffset, MOVABLE.length - 1))];
  const { marked, sample } = currentBoard(state);
  const rows = { rows: cells, cursor: cellAtCursor(state), marked, recorded: sample?.recorded ?? 0, isFocused };
  return [
    titleLine('Cells', infoOf(state, cells.length), isFocused, paper),
    ...tableLines(columns, rows, state.sort, paper),
    ...(cells.length === 0 ? [plain(`   ${whyNone(state)}`)] : []),
  ];
}

function infoOf(state: State, shown: number): string {
  const { sample, marked, connection, xen } = currentBoard(state);
  const all = sample?.cells.length ?? 0;
  const parts = [shown === all ? `${all}` : `${shown} of ${all}`];
  if (sample && connection.state !== 'live')
    parts.push(`as of ${new Date(sample.takenAtMs).toTimeString().slice(0, 8)}`);
  if (state.filter !== '') parts.push(`filter '${state.filter}'`);
  if (marked.size > 0) parts.push(`${marked.size} marked`);
  if (sample && sample.failures.length > 0) parts.push(`not all could be read: ${sample.failures[0]}`);
  if (xen) parts.push("t shows Xen's domains");
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
