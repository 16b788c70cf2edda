import { CellvisorError } from '../errors';
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
  /** Told why the board cannot be asked: once, until it can, or there is another reason. Default: nobody. */
  readonly onFailure?: (error: CellvisorError) => void;
}

/** Looks at a board for its metrics. A board that cannot be asked is an observation, too. */
export class BoardObserver {
  private readonly sampler: Sampler;
  private readonly console: ConsoleLines | undefined;
  /** Why the last look failed. */
  private reason: string | undefined;
  private running: Promise<Observation> | undefined;

  constructor(
    kernel: Kernel,
    private readonly options: ObserverOptions = {},
  ) {
    this.sampler = new Sampler(kernel);
    this.console = options.countsConsole === false ? undefined : new ConsoleLines(kernel);
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
    const snapshot = await this.sampler.take().catch((error: unknown) => this.failed(error));
    if (snapshot) this.reason = undefined;
    const console = snapshot && (await this.console?.count());
    return { snapshot, console, durationMs: performance.now() - startMs };
  }

  private failed(error: unknown): undefined {
    if (!(error instanceof CellvisorError)) throw error;
    if (error.message !== this.reason) this.options.onFailure?.(error);
    this.reason = error.message;
  }
}
