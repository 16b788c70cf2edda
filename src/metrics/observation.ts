import { KernelError } from '../errors';
import { Sampler } from '../watch/sampler';
import { ConsoleLines } from './console-lines';
import type { Kernel } from '../kernel/kernel';
import type { BoardSnapshot } from '../watch/snapshot';
import type { ConsoleTotals } from './console-lines';

/** What one scrape found out. */
export interface Observation {
  /** Absent when the board could not be asked. */
  readonly snapshot: BoardSnapshot | undefined;
  /** Absent where the console cannot be read, or is not counted. */
  readonly console: ConsoleTotals | undefined;
  readonly durationMs: number;
}

export interface ObserverOptions {
  /** Count lines of the hypervisor's console: for what lives on between two observations. Default: true. */
  readonly countsConsole?: boolean;
}

/** Looks at a board for its metrics. A board that cannot be asked is an observation, too. */
export class BoardObserver {
  private readonly sampler: Sampler;
  private readonly console: ConsoleLines | undefined;
  private running: Promise<Observation> | undefined;

  constructor(kernel: Kernel, { countsConsole = true }: ObserverOptions = {}) {
    this.sampler = new Sampler(kernel);
    this.console = countsConsole ? new ConsoleLines(kernel) : undefined;
  }

  /** While one runs, that one is given to whoever asks. */
  observe(): Promise<Observation> {
    this.running ??= this.look().finally(() => (this.running = undefined));
    return this.running;
  }

  async close(): Promise<void> {
    await this.console?.close();
  }

  private async look(): Promise<Observation> {
    const startMs = performance.now();
    const snapshot = await this.sampler.take().catch((error: unknown) => {
      if (!(error instanceof KernelError)) throw error;
      return undefined;
    });
    const console = snapshot && (await this.console?.count());
    return { snapshot, console, durationMs: performance.now() - startMs };
  }
}
