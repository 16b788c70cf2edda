import { currentBoard, domainAtCursor, shownDomains } from '../../model/selectors';
import { sparkline } from '../figures';
import { plain, styled } from '../line';
import { titleLine } from '../paper';
import { tableLines } from '../table';
import type { DomainState, DomainWord } from '../../model/domain';
import type { State } from '../../model/state';
import type { Line } from '../line';
import type { Paper } from '../paper';
import type { Column } from '../table';
import type { Style } from '../style';

const KIB_PER_MIB = 1024;

const STYLES: Readonly<Record<DomainWord, Style | undefined>> = {
  running: 'running',
  blocked: undefined,
  ready: 'running',
  paused: 'down',
  'shut down': 'down',
  crashed: 'failed',
  dying: 'failed',
};

/** What 80 columns have left. */
const SPARK_COLUMNS = 18;

/** Those of `xl list`, what the CPU time comes to, and its history. */
const COLUMNS: readonly Column<DomainState>[] = [
  { head: 'ID', columns: 4, isNumber: true, sort: 'id', cell: ({ id }) => ({ text: `${id}` }) },
  { head: 'NAME', columns: 16, sort: 'name', cell: ({ name }) => ({ text: name }) },
  { head: 'STATE', columns: 9, sort: 'state', cell: ({ state }) => ({ text: state, style: STYLES[state] }) },
  {
    head: 'MIB',
    columns: 6,
    isNumber: true,
    cell: ({ memoryKib }) => ({ text: `${Math.floor(memoryKib / KIB_PER_MIB)}` }),
  },
  { head: 'VCPUS', columns: 5, isNumber: true, cell: ({ onlineVcpus }) => ({ text: `${onlineVcpus}` }) },
  {
    head: 'TIME(S)',
    columns: 8,
    isNumber: true,
    cell: ({ cpuTimeSeconds }) => ({ text: cpuTimeSeconds.toFixed(1) }),
  },
  {
    head: 'CPU%',
    columns: 6,
    isNumber: true,
    sort: 'exits',
    cell: ({ cpuPercent }) => ({ text: cpuPercent === undefined ? '-' : cpuPercent.toFixed(1) }),
  },
  {
    head: 'LAST TWO MINUTES',
    columns: SPARK_COLUMNS,
    cell: ({ history }, glyphs, recorded) => styled(sparkline(history, SPARK_COLUMNS, recorded, glyphs), 'figure'),
  },
];

/** The domains of the board's Xen, a line each. */
export function domainLines(state: State, paper: Paper): Line[] {
  const isFocused = state.pane === 'domains';
  const domains = shownDomains(state);
  const { marked = new Set<number>(), figures } = currentBoard(state).xen ?? {};
  const rows = {
    rows: domains,
    cursor: domainAtCursor(state),
    marked,
    recorded: figures?.recorded ?? 0,
    isFocused,
  };
  return [
    titleLine('Domains', infoOf(state, domains.length), isFocused, paper),
    ...tableLines(COLUMNS, rows, state.sort, paper),
    ...(domains.length === 0 ? [plain(`   ${whyNone(state)}`)] : []),
  ];
}

function infoOf(state: State, shown: number): string {
  const { figures, problem, marked } = currentBoard(state).xen ?? {};
  const all = figures?.domains.length ?? 0;
  const parts = [shown === all ? `${all}` : `${shown} of ${all}`];
  if (figures && problem) parts.push(`as of ${new Date(figures.takenAtMs).toTimeString().slice(0, 8)}`);
  if (state.filter !== '') parts.push(`filter '${state.filter}'`);
  if (marked?.size) parts.push(`${marked.size} marked`);
  parts.push("t shows Jailhouse's cells");
  return parts.join(', ');
}

function whyNone(state: State): string {
  const { figures } = currentBoard(state).xen ?? {};
  if (!figures) return 'waiting for Xen';
  return `no domain has '${state.filter}' in its name; Esc shows all`;
}
