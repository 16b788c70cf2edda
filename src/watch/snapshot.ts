import type { KernelError } from '../errors';
import type { Cell } from '../jailhouse/cell';
import type { Counters } from '../jailhouse/stats';
import type { Status } from '../jailhouse/status';

/** What sysfs said of a whole board at one moment. */
export interface BoardSnapshot {
  /** Wall clock when the sample began, in milliseconds since 1970: for people. It may jump, so differences say nothing. */
  readonly takenAtMs: number;
  /** The same moment on a clock that only runs forwards: for differences between snapshots of one sampler. */
  readonly clockMs: number;
  /** How long the sample took. */
  readonly costMs: number;
  /** Whether jailhouse.ko is loaded. */
  readonly driver: 'loaded' | 'absent';
  /** Absent with the driver. */
  readonly status: Status | undefined;
  /** In the order in which the C tool lists them. Empty when Jailhouse is not enabled. */
  readonly cells: readonly CellSample[];
  readonly uio: readonly UioSample[];
  /** What could not be read, except for cells that came or went meanwhile. */
  readonly failures: readonly SampleFailure[];
}

export interface CellSample {
  readonly cell: Cell;
  /** Absent when they were not asked for, could not be read, or the driver has none. */
  readonly counters: CellCounters | undefined;
}

/** VM exits of a cell since each CPU came to it. */
export interface CellCounters {
  /** Over the cell's CPUs. Falls when a CPU leaves the cell. */
  readonly sum: Counters;
  /** By Linux logical number. Empty with drivers that only have sums. */
  readonly cpus: ReadonlyMap<number, Counters>;
}

/** A UIO device, such as one end of an ivshmem link. */
export interface UioSample {
  /** `uio0` */
  readonly device: string;
  /** Of its driver, such as `uio_ivshmem`. */
  readonly name: string;
  /** Since the driver was bound (jailhouse-tools reference 13). */
  readonly interrupts: number;
}

export interface SampleFailure {
  /** Absent when what failed belongs to no cell. */
  readonly cell: { readonly id: number; readonly name: string | undefined } | undefined;
  readonly error: KernelError;
}
