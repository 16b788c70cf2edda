import { setTimeout as wait } from 'node:timers/promises';
import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { CellvisorError, KernelError } from '../../errors';
import { parseCpuList } from '../../jailhouse/sysfs';
import { EventDetector } from '../../watch/events';
import { Sampler } from '../../watch/sampler';
import { LinkError } from '../../kernel/link';
import { showable } from '../model/log-buffer';
import { EVENT_LOG } from '../model/update/parts';
import { eventInWords } from '../../watch/event-words';
import { FigureKeeper } from './figures';
import { problemOf } from './problem';
import type { Link, LinkState } from '../../kernel/link';
import type { BoardSnapshot } from '../../watch/snapshot';
import type { KnownConfig } from '../model/board';
import type { Problem } from '../model/problem';
import type { DashboardEvent } from '../model/events';
import type { BoardSource } from '../source';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;
/** So often a copy of a config is looked for that is not there. */
const CONFIG_LOOKS = 5;
/** A board that says nothing for this long, and for three intervals, is said to be silent. */
const SILENCE_MS = 3000;

/**
 * Samples a board until it is closed. A board that does not answer is asked again and again, with growing pauses: when it
 * is back, so is the dashboard.
 */
export class BoardFeed {
  private readonly sampler: Sampler;
  private readonly figures: FigureKeeper;
  private readonly events = new EventDetector();
  /** Ends the present row of samples; another one begins. */
  private turn = new AbortController();
  private lastAnswerMs: number | undefined;
  private staleSinceMs: number | undefined;
  private hasFailed = false;
  private isClosed = false;
  private cellsOfConfigs = '';
  private looksLeft = 0;
  private silence: NodeJS.Timeout | undefined;
  private forgetLink: () => void = () => undefined;

  constructor(
    private readonly source: BoardSource,
    private readonly index: number,
    private readonly dispatch: (event: DashboardEvent) => void,
    private intervalMs: number,
    private isPaused = false,
  ) {
    this.sampler = new Sampler(source.kernel);
    this.figures = new FigureKeeper(intervalMs);
  }

  /** Runs until `close`. */
  async run(): Promise<void> {
    const { link } = this.source;
    if (link) this.watchLink(link);
    let retryMs = FIRST_RETRY_MS;
    while (!this.isClosed) {
      const { signal } = this.turn;
      if (this.isPaused) {
        await ended(signal);
        continue;
      }
      try {
        this.watchSilence();
        for await (const snapshot of this.sampler.samples({ intervalMs: this.intervalMs, signal })) {
          if (signal.aborted) break;
          retryMs = FIRST_RETRY_MS;
          await this.take(snapshot);
          this.watchSilence();
        }
      } catch (error) {
        this.lost(problemOf(error));
        await wait(retryMs, undefined, { signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  setSampling(intervalMs: number, isPaused: boolean): void {
    if (intervalMs !== this.intervalMs) this.figures.restart(intervalMs);
    this.intervalMs = intervalMs;
    this.isPaused = isPaused;
    this.nextTurn();
  }

  /** A sample now: something was changed. */
  refresh(): void {
    if (!this.isPaused) this.nextTurn();
  }

  close(): void {
    this.isClosed = true;
    this.forgetLink();
    this.nextTurn();
  }

  /** The link knows at once what a sample would find out later. */
  private watchLink(link: Link): void {
    const tell = (state: LinkState) => {
      const nextAtMs = state.kind === 'lost' ? Date.now() + state.nextInMs : undefined;
      const backend = state.kind === 'connected' ? this.source.kernel.backend : undefined;
      this.dispatch({ kind: 'link', board: this.index, link: { state, nextAtMs }, backend });
      if (state.kind === 'lost') this.lost(problemOf(new LinkError(this.source.name, state.reason, state.hint)));
      if (state.kind === 'connected') this.refresh();
    };
    this.forgetLink = link.onChange(tell);
    tell(link.state);
  }

  private nextTurn(): void {
    clearTimeout(this.silence);
    const { turn } = this;
    this.turn = new AbortController();
    turn.abort();
  }

  private async take(snapshot: BoardSnapshot): Promise<void> {
    const [uptimeSeconds, presentCpus] = await Promise.all([this.uptime(), this.presentCpus()]);
    this.lastAnswerMs = Date.now();
    if (this.hasFailed) this.log('the board answers again');
    this.hasFailed = false;
    this.staleSinceMs = undefined;
    const cells = this.figures.next(snapshot).map((cell) => ({ ...cell, name: showable(cell.name) }));
    this.dispatch({
      kind: 'sampled',
      board: this.index,
      sample: {
        takenAtMs: snapshot.takenAtMs,
        status: snapshot.status ?? NO_DRIVER,
        cells,
        uio: snapshot.uio,
        recorded: this.figures.count,
        failures: snapshot.failures.map(({ error }) => error.message),
        uptimeSeconds,
        presentCpus,
      },
    });
    for (const event of this.events.next(snapshot)) this.log(eventInWords(event), event.atMs);
    await this.findConfigs(snapshot);
  }

  private lost(problem: Problem): void {
    clearTimeout(this.silence);
    if (!this.hasFailed) this.log(problem.text);
    this.hasFailed = true;
    this.staleSinceMs ??= this.lastAnswerMs ?? Date.now();
    this.dispatch({
      kind: 'connection',
      board: this.index,
      connection: {
        state: this.lastAnswerMs === undefined ? 'connecting' : 'stale',
        sinceMs: this.staleSinceMs,
        problem,
      },
    });
  }

  /** A link that hangs gives neither an answer nor an error. */
  private watchSilence(): void {
    clearTimeout(this.silence);
    const limitMs = Math.max(3 * this.intervalMs, SILENCE_MS);
    this.silence = setTimeout(() => this.lost({ text: 'the board does not answer' }), limitMs);
    this.silence.unref();
  }

  /** Copies of configs are looked for when there are other cells than before. A copy is made after its cell. */
  private async findConfigs({ cells }: BoardSnapshot): Promise<void> {
    const now = cells
      .map(({ cell }) => `${cell.id} ${cell.name} ${cell.id === 0 ? '' : cell.assignedCpus.join()}`)
      .join();
    if (now !== this.cellsOfConfigs) this.looksLeft = CONFIG_LOOKS;
    this.cellsOfConfigs = now;
    if (this.looksLeft === 0) return;
    this.looksLeft--;
    const kept = (await this.source.keptConfigs?.all()) ?? [];
    const configs = new Map<number, KnownConfig>();
    for (const { cell, bytes } of kept) {
      const config = decoded(bytes);
      if (config) configs.set(cell.id, config);
    }
    if (configs.size === cells.length) this.looksLeft = 0;
    this.dispatch({ kind: 'configs', board: this.index, configs });
  }

  private log(text: string, atMs = Date.now()): void {
    const time = new Date(atMs).toTimeString().slice(0, 8);
    this.dispatch({ kind: 'logged', board: this.index, log: EVENT_LOG, text: `${time} ${text}\n` });
  }

  private async uptime(): Promise<number | undefined> {
    return numberIn(await this.textOf('/proc/uptime'));
  }

  private async presentCpus(): Promise<number[]> {
    return parseCpuList((await this.textOf('/sys/devices/system/cpu/present')) ?? '');
  }

  private async textOf(path: string): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await this.source.kernel.readFile(path));
    } catch (error) {
      if (error instanceof KernelError) return undefined;
      throw error;
    }
  }
}

const NO_PAGES = { sizePages: 0, usedPages: 0 };
const NO_DRIVER = { present: false, enabled: false, version: undefined, memPool: NO_PAGES, remapPool: NO_PAGES };

function numberIn(text: string | undefined): number | undefined {
  const value = Number.parseFloat(text ?? '');
  return Number.isNaN(value) ? undefined : value;
}

function decoded(bytes: Uint8Array): KnownConfig | undefined {
  try {
    const found = decodeConfig(bytes, { trailing: 'ignore' });
    return found.kind === 'cell'
      ? { dialect: found.dialect, cell: found.config }
      : { dialect: found.dialect, cell: found.config.rootCell, system: found.config };
  } catch (error) {
    if (error instanceof CellvisorError) return undefined; // The cell runs all the same; its config is not shown.
    throw error;
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
