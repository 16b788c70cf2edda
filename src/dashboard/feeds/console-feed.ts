import { setTimeout as wait } from 'node:timers/promises';
import { problemOf } from './problem';
import type { DomainConsole } from '../source';

/** A console that ended, or that cannot be opened now, is tried again after this. */
const RETRY_MS = 1000;

/** One console, read again and again until it is closed: a domain may get one later, or another one. */
export class ConsoleFeed {
  private readonly closing = new AbortController();
  private opened: DomainConsole | undefined;
  private typing: Promise<void> = Promise.resolve();
  private lastProblem = '';

  /** @param open undefined: nobody to be asked yet. @param show takes text as it comes */
  constructor(
    private readonly open: (signal: AbortSignal) => Promise<DomainConsole | undefined>,
    private readonly show: (text: string) => void,
  ) {
    // It throws nothing but bugs, which end the program as everywhere.
    void this.run();
  }

  /** What is typed is sent in order. @throws CellvisorError when the console takes it no more */
  async type(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    this.typing = this.typing.then(async () => this.opened?.write?.(bytes));
    const sent = this.typing;
    this.typing = sent.catch(() => undefined);
    try {
      await sent;
    } catch (error) {
      if (!this.closing.signal.aborted) throw error;
    }
  }

  close(): void {
    this.closing.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        this.opened = await this.open(signal);
        if (this.opened) await this.read(this.opened);
      } catch (error) {
        if (!signal.aborted) this.tell(problemOf(error).text);
      }
      this.opened = undefined;
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async read(console: DomainConsole): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of console) {
      this.lastProblem = '';
      if (!this.closing.signal.aborted) this.show(decoder.decode(bytes, { stream: true }));
    }
  }

  /** Once, however often it is tried. */
  private tell(problem: string): void {
    if (problem !== this.lastProblem) this.show(`(${problem})\n`);
    this.lastProblem = problem;
  }
}
