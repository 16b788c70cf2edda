import { KernelError } from '../errors';
import { cellFiles, cellOf } from '../jailhouse/cell';
import { COUNTER_PREFIX } from '../jailhouse/stats';
import { lineOf, SYSFS_CELLS } from '../jailhouse/sysfs';
import type { Kernel } from '../kernel/kernel';
import type { Counters } from '../jailhouse/stats';
import type { CellCounters, CellSample } from './snapshot';

/** As `readFiles` gives it. */
export type FileContent = Uint8Array | KernelError;

/** What one sample says of a cell. Neither `sample` nor `error`: the cell is gone. */
export interface CellReading {
  readonly sample?: CellSample;
  readonly error?: KernelError;
  /** The files are others by now: find them again. */
  readonly isOutdated: boolean;
}

const GENERAL_FILES = cellFiles(0).length;

/**
 * The files of one cell, found once and read with every sample. Each look at a counter is a hypercall for each CPU that it
 * is summed over, and itself an exit (jailhouse-abi reference 2): so sums are only read where the driver does not count by
 * CPU.
 */
export class CellFiles {
  readonly paths: readonly string[];

  private constructor(
    readonly id: number,
    /** File names, such as `vmexits_mmio`. */
    private readonly counterNames: readonly string[],
    /** Empty: the driver only has sums. */
    private readonly cpus: readonly number[],
    /** Why the counters cannot be found. */
    private readonly failure: KernelError | undefined,
  ) {
    const statistics = `${SYSFS_CELLS}/${id}/statistics`;
    const folders = cpus.length === 0 ? [statistics] : cpus.map((cpu) => `${statistics}/cpu${cpu}`);
    this.paths = [
      ...cellFiles(id),
      ...folders.flatMap((folder) => counterNames.map((counterName) => `${folder}/${counterName}`)),
    ];
  }

  /** Files of a cell without its counters. */
  static withoutCounters(id: number): CellFiles {
    return new CellFiles(id, [], [], undefined);
  }

  static async find(kernel: Kernel, id: number): Promise<CellFiles> {
    try {
      const names = await kernel.readDirectory(`${SYSFS_CELLS}/${id}/statistics`);
      const counterNames = names.filter((name) => name.startsWith(COUNTER_PREFIX)).sort();
      const cpus = names.flatMap((name) => /^cpu(\d+)$/.exec(name)?.[1] ?? []).map(Number);
      return new CellFiles(
        id,
        counterNames,
        cpus.sort((a, b) => a - b),
        undefined,
      );
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return new CellFiles(id, [], [], isAbsence(error) ? undefined : error);
    }
  }

  get hasCounters(): boolean {
    return this.counterNames.length > 0;
  }

  /** @param contents of `paths` */
  read(contents: readonly FileContent[]): CellReading {
    const general = contents.slice(0, GENERAL_FILES);
    const error = general.find((content) => content instanceof KernelError);
    if (error !== undefined) return isAbsence(error) ? { isOutdated: true } : { error, isOutdated: false };
    const lines = (general as Uint8Array[]).map(lineOf) as [string, string, string, string];
    const cell = cellOf(this.id, lines);
    const isMoved = this.cpus.length > 0 && this.cpus.join() !== cell.assignedCpus.join();
    const failed = contents.find((content) => content instanceof KernelError) ?? this.failure;
    if (failed !== undefined) {
      return { sample: { cell, counters: undefined }, error: failed, isOutdated: isMoved || isAbsence(failed) };
    }
    return { sample: { cell, counters: this.counters(contents) }, isOutdated: isMoved };
  }

  private counters(contents: readonly FileContent[]): CellCounters | undefined {
    if (!this.hasCounters) return undefined;
    const values = (contents.slice(GENERAL_FILES) as Uint8Array[]).map((content) => Number(lineOf(content)));
    const group = (index: number): Counters =>
      new Map(this.counterNames.map((name, at) => [name, values[index * this.counterNames.length + at] ?? 0]));
    if (this.cpus.length === 0) return { sum: group(0), cpus: new Map() };
    const cpus = new Map(this.cpus.map((cpu, index) => [cpu, group(index)]));
    return { sum: sumOf([...cpus.values()], this.counterNames), cpus };
  }
}

function sumOf(all: readonly Counters[], names: readonly string[]): Counters {
  return new Map(names.map((name) => [name, all.reduce((sum, counters) => sum + (counters.get(name) ?? 0), 0)]));
}

/** ENOENT before the file was opened, ENODEV when its cell went while it was open. */
export function isAbsence({ errno }: KernelError): boolean {
  return errno === 'ENOENT' || errno === 'ENODEV';
}
