import type { BoardState } from './board';
import type { Dialog } from './dialog';
import type { ConsoleRef } from './domain';
import type { Problem } from './problem';

export const PANES = ['boards', 'cells', 'domains', 'detail', 'log', 'console'] as const;
export type Pane = (typeof PANES)[number];

/** What the screen is about, below the boards: Jailhouse's cells, or Xen's domains. */
export const TABS = ['cells', 'domains'] as const;
export type Tab = (typeof TABS)[number];

/** Of domains, `exits` is their CPU time: what they cost. */
export const SORT_COLUMNS = ['id', 'name', 'state', 'exits'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

/** A line for the person at the keyboard. A problem stays until a key is pressed. */
export interface Message extends Problem {
  readonly isProblem: boolean;
}

/** Everything that is shown, and nothing that is not. */
export interface State {
  readonly boards: readonly BoardState[];
  /** Index of the board that is looked at. */
  readonly current: number;
  readonly pane: Pane;
  /** Domains are shown only of boards with Xen: see `tabOf`. Undefined: nobody has chosen, and nothing has been found. */
  readonly tab: Tab | undefined;
  readonly isDetailShown: boolean;
  readonly isLogShown: boolean;
  readonly dialog: Dialog | undefined;
  readonly sort: { readonly column: SortColumn; readonly isDescending: boolean };
  /** Part of a cell's name; empty: all. */
  readonly filter: string;
  /** How many columns of the cell table, behind the name, are moved out at the left. */
  readonly columnOffset: number;
  /** First shown line of the detail pane. */
  readonly detailTop: number;
  /** The CPU that the detail pane is about; undefined: all of the cell. */
  readonly detailCpu: number | undefined;
  /** Name of the shown log. */
  readonly logSource: string;
  /** How many lines the log is scrolled back; 0 follows it. */
  readonly logBack: number;
  /** How many lines the console of a domain is scrolled back; 0 follows it. */
  readonly consoleBack: number;
  /** The console that has every key but one; it stays, whatever becomes of its domain. */
  readonly typingInto: ConsoleRef | undefined;
  readonly intervalMs: number;
  readonly isPaused: boolean;
  readonly isReadOnly: boolean;
  readonly message: Message | undefined;
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
}

export interface Start {
  readonly boards: readonly BoardState[];
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
  readonly intervalMs: number;
  readonly isReadOnly: boolean;
}

/** Log of the hypervisor's console; the others are `kernel`, `events` and the UARTs of an emulated board. */
export const HYPERVISOR_LOG = 'hypervisor';

export function initialState(start: Start): State {
  return {
    ...start,
    current: 0,
    pane: 'cells',
    tab: undefined,
    isDetailShown: true,
    isLogShown: true,
    dialog: undefined,
    sort: { column: 'id', isDescending: false },
    filter: '',
    columnOffset: 0,
    detailTop: 0,
    detailCpu: undefined,
    logSource: HYPERVISOR_LOG,
    logBack: 0,
    consoleBack: 0,
    typingInto: undefined,
    isPaused: false,
    message: undefined,
  };
}
