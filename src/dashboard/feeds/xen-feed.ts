import { setTimeout as wait } from 'node:timers/promises';
import { changes } from '../../xen/host/events';
import { showable } from '../model/log-buffer';
import { EVENT_LOG } from '../model/update/parts';
import { ConsoleFeed } from './console-feed';
import { DomainFigureKeeper } from './domain-figures';
import { problemOf } from './problem';
import type { Domain } from '../../xen/host/domain';
import type { DashboardEvent } from '../model/events';
import type { DomainHand } from '../model/hand';
import type { XenAccess, XenSample, XenSource } from '../source';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/** Samples the Xen of a board until it is closed, where there is one. When it cannot be asked, it is asked again and again. */
export class XenFeed {
  private readonly figures: DomainFigureKeeper;
  private source: XenSource | undefined;
  private console: ConsoleFeed | undefined;
  private last: readonly Domain[] | undefined;
  /** Ends the present pause. */
  private turn = new AbortController();
  private isClosed = false;

  constructor(
    private readonly access: XenAccess,
    private readonly index: number,
    private readonly dispatch: (event: DashboardEvent) => void,
    private intervalMs: number,
    private isPaused = false,
  ) {
    this.figures = new DomainFigureKeeper(intervalMs);
  }

  /** Runs until `close`, or ends at once where there is no Xen. */
  async run(): Promise<void> {
    if (!(await this.access.isThere())) return;
    this.dispatch({ kind: 'xen-found', board: this.index });
    let retryMs = FIRST_RETRY_MS;
    while (!this.isClosed) {
      try {
        this.source = await this.access.connect();
        for (;;) {
          if (this.isClosed) break;
          if (!this.isPaused) this.take(await this.source.sample());
          retryMs = FIRST_RETRY_MS;
          await this.pause(this.isPaused ? undefined : this.intervalMs);
        }
      } catch (error) {
        this.dispatch({ kind: 'xen-failed', board: this.index, problem: problemOf(error) });
        await this.disconnect();
        await this.pause(retryMs);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
    await this.disconnect();
  }

  setSampling(intervalMs: number, isPaused: boolean): void {
    if (intervalMs !== this.intervalMs) this.figures.restart(intervalMs);
    this.intervalMs = intervalMs;
    this.isPaused = isPaused;
    this.refresh();
  }

  /** A sample now: something was changed. */
  refresh(): void {
    this.turn.abort();
  }

  /** Reads a domain's console from now on, and no other: of what two read, each gets a part. */
  follow(domain: number | undefined): void {
    this.console?.close();
    this.console = undefined;
    if (domain === undefined) return;
    const show = (text: string) =>
      this.dispatch({ kind: 'console-text', console: { board: this.index, domain }, text });
    const open = async (signal: AbortSignal) => this.source?.console(domain, signal);
    this.console = new ConsoleFeed(open, show);
  }

  /** Types into the console that is read. @throws CellvisorError */
  async type(text: string): Promise<void> {
    await this.console?.type(text);
  }

  /** @throws CellvisorError. Of several domains those before are done */
  async perform(hand: DomainHand): Promise<void> {
    for (const problem of (await this.source?.perform(hand)) ?? []) this.log(problem);
  }

  close(): void {
    this.isClosed = true;
    this.console?.close();
    this.refresh();
  }

  private take(sample: XenSample): void {
    this.dispatch({ kind: 'xen-sampled', board: this.index, figures: this.figures.next(sample) });
    for (const { kind, domain } of this.last ? changes(this.last, sample.domains) : []) {
      this.log(`domain ${domain.id} ${showable(domain.name ?? '')} ${HAPPENED[kind](domain)}`);
    }
    this.last = sample.domains;
  }

  private log(text: string): void {
    const time = new Date().toTimeString().slice(0, 8);
    this.dispatch({ kind: 'logged', board: this.index, log: EVENT_LOG, text: `${time} ${text}\n` });
  }

  private async pause(ms: number | undefined): Promise<void> {
    const { signal } = (this.turn = new AbortController());
    if (this.isClosed) return;
    if (ms === undefined) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    else await wait(ms, undefined, { signal }).catch(() => undefined);
  }

  private async disconnect(): Promise<void> {
    const { source } = this;
    this.source = undefined;
    await source?.close();
  }
}

const HAPPENED = {
  created: () => 'was created',
  shutdown: ({ shutdownReason }: Domain) => `has shut down: ${shutdownReason ?? 'no reason given'}`,
  destroyed: () => 'is gone',
} as const;
