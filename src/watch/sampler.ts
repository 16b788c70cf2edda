import { setTimeout as wait } from 'node:timers/promises';
import { KernelError } from '../errors';
import { readCellIds } from '../jailhouse/cell';
import { STATUS_FILES, statusOf } from '../jailhouse/status';
import { lineOf } from '../jailhouse/sysfs';
import { uioDevices } from '../uio/attributes';
import { CellFiles, isAbsence } from './cell-files';
import type { Kernel } from '../kernel/kernel';
import type { CellReading, FileContent } from './cell-files';
import type { BoardSnapshot, CellSample, SampleFailure, UioSample } from './snapshot';

export interface SamplerOptions {
  /** Read the counters of VM exits, which are most of what a sample costs. Default: true. */
  readonly counters?: boolean;
}

export interface SamplesOptions {
  /** From the beginning of one sample to that of the next. */
  readonly intervalMs: number;
  /** Ends the samples, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Samples a board: its status, its cells with their counters, its UIO devices, in as few system calls as that takes. */
export class Sampler {
  /** Of the cells that the last sample saw. */
  private known = new Map<number, CellFiles>();
  private running: Promise<BoardSnapshot> | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly options: SamplerOptions = {},
  ) {}

  /**
   * What the board says now. While a sample runs, that one is given to whoever asks: there are never two at once.
   *
   * What cannot be read of a cell is in `failures`; a cell that is destroyed or created meanwhile is no failure.
   * @throws KernelError when the board cannot be asked at all, as when an emulated one went away (ECONNRESET); LinkError. The next
   *   call tries again
   */
  take(): Promise<BoardSnapshot> {
    this.running ??= this.sample().finally(() => (this.running = undefined));
    return this.running;
  }

  /**
   * A sample at once and then one every interval, on a grid that does not drift. Where a sample, or whoever uses it, takes
   * longer than the interval, the next ones are left out.
   *
   * @throws KernelError as `take` does. Call it again to go on
   */
  async *samples({ intervalMs, signal }: SamplesOptions): AsyncGenerator<BoardSnapshot, void, undefined> {
    const startMs = performance.now();
    let dueMs = 0;
    while (!signal?.aborted) {
      yield await this.take();
      const elapsedMs = performance.now() - startMs;
      dueMs = Math.max(dueMs + intervalMs, Math.ceil(elapsedMs / intervalMs) * intervalMs);
      await pause(dueMs - elapsedMs, signal);
    }
  }

  private async sample(): Promise<BoardSnapshot> {
    const takenAtMs = Date.now();
    const clockMs = performance.now();
    const [ids, devices] = await Promise.all([readCellIds(this.kernel), uioDevices(this.kernel)]);
    const cells = await this.findFiles(ids);
    const uio = devices.map((path) => path.slice(path.lastIndexOf('/') + 1));
    const groups = [STATUS_FILES, ...uio.map(uioFiles), ...cells.map(({ paths }) => paths)];
    const [statusContents = [], ...others] = await readGroups(this.kernel, groups);
    const readings = await this.readCells(cells, others.slice(uio.length));
    const status = statusOf(statusContents.map(lineIfPresent));
    return {
      takenAtMs,
      clockMs,
      driver: status.present ? 'loaded' : 'absent',
      status: status.present ? status : undefined,
      cells: readings.flatMap(({ sample }): CellSample[] => (sample === undefined ? [] : [sample])),
      uio: uio.flatMap((device, index) => uioSample(device, others[index] ?? [])),
      failures: [
        ...[statusContents, ...others.slice(0, uio.length)].flat().flatMap(generalFailure),
        ...readings.flatMap((reading, index) => cellFailure(cells[index]?.id ?? 0, reading)),
      ],
      costMs: performance.now() - clockMs,
    };
  }

  private async findFiles(ids: readonly number[]): Promise<CellFiles[]> {
    const cells = await Promise.all(ids.map((id) => this.known.get(id) ?? this.find(id)));
    this.known = new Map(cells.map((cell) => [cell.id, cell]));
    return cells;
  }

  private find(id: number): CellFiles | Promise<CellFiles> {
    return this.options.counters === false ? CellFiles.withoutCounters(id) : CellFiles.find(this.kernel, id);
  }

  /** Cells whose files have changed since they were found, as when CPUs moved, are read again. */
  private async readCells(cells: readonly CellFiles[], contents: readonly FileContent[][]): Promise<CellReading[]> {
    const readings = cells.map((cell, index) => cell.read(contents[index] ?? []));
    await Promise.all(
      readings.map(async ({ isOutdated }, index) => {
        const id = cells[index]?.id;
        if (!isOutdated || id === undefined) return;
        const cell = await this.find(id);
        const [again = []] = await readGroups(this.kernel, [cell.paths]);
        readings[index] = cell.read(again);
        this.known.set(id, cell);
      }),
    );
    readings.forEach(({ sample }, index) => {
      const cell = cells[index];
      // What is gone, or has no counters yet, is looked for anew.
      if (cell && (sample === undefined || (sample.counters === undefined && this.options.counters !== false))) {
        this.known.delete(cell.id);
      }
    });
    return readings;
  }
}

/** Reads several lists of files in one call. */
async function readGroups(kernel: Kernel, groups: readonly (readonly string[])[]): Promise<FileContent[][]> {
  const contents = await kernel.readFiles(groups.flat());
  let start = 0;
  return groups.map(({ length }) => contents.slice(start, (start += length)));
}

function uioFiles(device: string): readonly string[] {
  return [`/sys/class/uio/${device}/name`, `/sys/class/uio/${device}/event`];
}

function uioSample(device: string, contents: readonly FileContent[]): UioSample[] {
  const [name, event] = contents.map(lineIfPresent);
  return name === undefined || event === undefined ? [] : [{ device, name, interrupts: Number(event) }];
}

function lineIfPresent(content: FileContent): string | undefined {
  return content instanceof KernelError ? undefined : lineOf(content);
}

function generalFailure(content: FileContent): SampleFailure[] {
  return content instanceof KernelError && !isAbsence(content) ? [{ cell: undefined, error: content }] : [];
}

function cellFailure(id: number, { sample, error }: CellReading): SampleFailure[] {
  return error === undefined ? [] : [{ cell: { id, name: sample?.cell.name }, error }];
}

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  // Node leaves a timer's fraction out, and with it would be early by up to a millisecond more.
  await wait(Math.ceil(delayMs), undefined, signal ? { signal } : {}).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
