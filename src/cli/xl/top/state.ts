import { COLUMNS } from './columns';
import { summaryLines, tableLines } from './lines';
import { parseDelay } from './options';
import type { Shown, TopLine } from './lines';
import type { TopSample } from './sample';

/** Everything that `xl top` shows on a terminal. */
export interface TopState {
  readonly sample: TopSample | undefined;
  /** Why there is no newer one. */
  readonly problem: string | undefined;
  readonly shown: Shown;
  readonly delaySeconds: number;
  /** The new delay while it is typed. */
  readonly typedDelay: string | undefined;
  /** Lines of the table, and columns behind the name, that are scrolled out. */
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly columns: number;
  readonly rows: number;
}

/** Lines above the table, the head included, and the one of the keys below. */
const SUMMARY_ROWS = 3;
const HEAD_ROWS = 1;
const KEY_ROWS = 1;

/** What a key does; undefined: it ends the program. */
export function afterKey(state: TopState, key: string): TopState | undefined {
  if (state.typedDelay !== undefined) return whileTyping(state, state.typedDelay, key);
  const { shown } = state;
  switch (key.toLowerCase()) {
    case 'q':
    case 'escape':
    case 'ctrl-c':
      return undefined;
    case 'd':
      return { ...state, typedDelay: '' };
    case 'n':
      return { ...state, shown: { ...shown, networks: !shown.networks } };
    case 'b':
      return { ...state, shown: { ...shown, disks: !shown.disks } };
    case 'v':
      return { ...state, shown: { ...shown, vcpus: !shown.vcpus } };
    case 'r':
      return { ...state, shown: { ...shown, repeatsHeader: !shown.repeatsHeader } };
    case 's':
      return { ...state, shown: { ...shown, sort: nextSort(shown.sort) } };
    case 'up':
      return { ...state, firstRow: Math.max(state.firstRow - 1, 0) };
    case 'down':
      return { ...state, firstRow: Math.min(state.firstRow + 1, lastFirstRow(state)) };
    case 'left':
      return { ...state, firstColumn: Math.max(state.firstColumn - 1, 1) };
    case 'right':
      return { ...state, firstColumn: Math.min(state.firstColumn + 1, COLUMNS.length - 1) };
    default:
      return state;
  }
}

function whileTyping(state: TopState, typed: string, key: string): TopState {
  switch (key) {
    case 'escape':
    case 'ctrl-c':
      return { ...state, typedDelay: undefined };
    case 'enter':
      // What is no delay changes nothing.
      return { ...state, typedDelay: undefined, delaySeconds: parseDelay(typed) ?? state.delaySeconds };
    case 'backspace':
      return { ...state, typedDelay: typed.slice(0, -1) };
    default:
      return /^[\d.]$/.test(key) ? { ...state, typedDelay: typed + key } : state;
  }
}

/** By id, then by each column. */
function nextSort(sort: number | undefined): number | undefined {
  if (sort === undefined) return 0;
  return sort + 1 < COLUMNS.length ? sort + 1 : undefined;
}

export interface ScreenLine {
  readonly kind: TopLine['kind'] | 'summary' | 'problem' | 'keys';
  readonly text: string;
}

/** The screen, line by line, as many as it has. */
export function screenLines(state: TopState): ScreenLine[] {
  const { sample, problem, shown, rows } = state;
  const summary: ScreenLine[] = (sample ? summaryLines(sample) : ['xl top', 'waiting for Xen', '']).map((text) => ({
    kind: 'summary',
    text,
  }));
  if (problem !== undefined) summary[1] = { kind: 'problem', text: problem };
  const [head, ...table] = sample ? tableLines(sample, shown, state.firstColumn) : [];
  const room = Math.max(rows - SUMMARY_ROWS - HEAD_ROWS - KEY_ROWS, 0);
  const body: ScreenLine[] = table.slice(state.firstRow, state.firstRow + room);
  const filler = Array.from({ length: Math.max(room - body.length, 0) }, (): ScreenLine => ({
    kind: 'device',
    text: '',
  }));
  const above: ScreenLine[] = [...summary, head ?? { kind: 'head', text: '' }];
  return [...above, ...body, ...filler]
    .slice(0, Math.max(rows - KEY_ROWS, 0))
    .concat({ kind: 'keys', text: keysOf(state) });
}

function keysOf({ typedDelay, delaySeconds, shown }: TopState): string {
  if (typedDelay !== undefined) return `Delay in seconds (now ${delaySeconds}): ${typedDelay}_`;
  const order = shown.sort === undefined ? 'ID' : (COLUMNS[shown.sort]?.head ?? '');
  return `D ${delaySeconds}s  N networks  B vBDs  V VCPUs  R header  S sort: ${order}  Q quit`;
}

function lastFirstRow({ sample, shown }: TopState): number {
  // The last line stays on the screen.
  return sample ? Math.max(tableLines(sample, shown).length - HEAD_ROWS - 1, 0) : 0;
}
