import type { CellConfig, Dialect, SystemConfig } from '../../abi/jailhouse';
import type { Cell } from '../../jailhouse/cell';
import type { Counters } from '../../jailhouse/stats';
import type { Status } from '../../jailhouse/status';
import type { LinkState } from '../../kernel/link';
import type { UioSample } from '../../watch/snapshot';
import type { XenState } from './domain';
import type { LogBuffer } from './log-buffer';
import type { Problem } from './problem';

/** How the view stands to a board. `stale`: what is shown is from before, and it is tried again and again. */
export type Connection =
  | { readonly state: 'connecting'; readonly sinceMs: number; readonly problem?: Problem }
  | { readonly state: 'live' }
  | { readonly state: 'stale'; readonly sinceMs: number; readonly problem: Problem };

/** The link to a board on another machine, and when the next attempt to make it begins, in milliseconds since 1970. */
export interface LinkView {
  readonly state: LinkState;
  readonly nextAtMs: number | undefined;
}

/** VM exits of a cell, or of one of its CPUs. */
export interface Figures {
  /** Since the CPUs came to the cell, by the driver's names (`vmexits_mmio`). */
  readonly totals: Counters;
  /** Per second, between the last two samples. Empty after the first one. */
  readonly rates: Counters;
  /** Per second, oldest first, of the last two minutes, by the same names. NaN: nothing is known of that time. */
  readonly histories: ReadonlyMap<string, readonly number[]>;
}

export interface CellState extends Cell {
  /** Absent where the driver's counters could not be read. */
  readonly sum?: Figures | undefined;
  /** CPU by CPU, where the driver counts so. */
  readonly cpus: ReadonlyMap<number, Figures>;
}

/** A board at one moment. */
export interface BoardSample {
  readonly takenAtMs: number;
  /** Absent when not even that could be read. */
  readonly status?: Status | undefined;
  readonly cells: readonly CellState[];
  /** UIO devices of the root cell's Linux, with the interrupts that they had. */
  readonly uio: readonly UioSample[];
  /** What could not be read of single cells. */
  readonly failures: readonly string[];
  /** How many values the histories have seen: where their columns begin. */
  readonly recorded: number;
  readonly uptimeSeconds?: number | undefined;
  /** CPUs that the board has, by their Linux numbers, ascending. */
  readonly presentCpus: readonly number[];
}

/** What a cell was created from, as far as a copy of it was kept. */
export interface KnownConfig {
  readonly dialect: Dialect;
  readonly cell: CellConfig;
  /** Of the root cell: the whole system. */
  readonly system?: SystemConfig | undefined;
}

/** Who answers for a board: a person on a board must never be answered by an emulator without knowing. */
export type Backend = 'hardware' | 'emulated';

export interface BoardState {
  readonly name: string;
  /** Undefined: a host that has not said it yet. */
  readonly backend: Backend | undefined;
  readonly connection: Connection;
  /** Absent for a board of this machine. */
  readonly link?: LinkView | undefined;
  /** The newest one; none before the first answer. */
  readonly sample?: BoardSample | undefined;
  /** By cell id. */
  readonly configs: ReadonlyMap<number, KnownConfig>;
  readonly logs: ReadonlyMap<string, LogBuffer>;
  /** Absent where Xen does not run. */
  readonly xen?: XenState | undefined;
  /** What is being done to it, in words; a cell can take a second to be created. */
  readonly busy: readonly string[];
  /** Id of the cell with the cursor. */
  readonly cursor: number | undefined;
  readonly marked: ReadonlySet<number>;
}

export function newBoard(name: string, backend: Backend | undefined, nowMs: number): BoardState {
  return {
    name,
    backend,
    connection: { state: 'connecting', sinceMs: nowMs },
    configs: new Map(),
    logs: new Map(),
    busy: [],
    cursor: undefined,
    marked: new Set(),
  };
}
