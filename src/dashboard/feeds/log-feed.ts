import { setTimeout as wait } from 'node:timers/promises';
import { KernelError } from '../../errors';
import { readConsole } from '../../jailhouse/console';
import { JAILHOUSE_DEVICE } from '../../jailhouse/jailhouse';
import { followKernelLog } from '../../jailhouse/kernel-log';
import { HYPERVISOR_LOG } from '../model/state';
import { problemOf } from './problem';
import type { DashboardEvent } from '../model/events';
import type { BoardSource, UartSource } from '../source';

const KERNEL_LOG = 'kernel';
/** A log that ended, or that cannot be read now, is tried again after this. */
const RETRY_MS = 1000;
const GATHER_MS = 20;

/** Follows everything that a board says, until it is aborted. */
export class LogFeed {
  private readonly gathered = new Map<string, string>();
  private flushing: NodeJS.Timeout | undefined;
  /** Of each log: `text`, or the problem that stands in its place. */
  private readonly shown = new Map<string, string>();
  /** Undefined: whatever it is, it is no news. */
  private lastConsole: string | undefined = '';

  constructor(
    private readonly source: BoardSource,
    private readonly index: number,
    private readonly dispatch: (event: DashboardEvent) => void,
    private readonly signal: AbortSignal,
    /** Whether Jailhouse is, by the last sample. */
    private readonly isEnabled: () => boolean,
  ) {}

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { kernel } = this.source;
    await Promise.all([
      this.followConsole(),
      this.follow(KERNEL_LOG, () => kernelText(followKernelLog(kernel, this.signal))),
      this.followUarts(),
    ]);
  }

  /** Each UART, as soon as the board says which it has. */
  private async followUarts(): Promise<void> {
    const { uarts } = this.source;
    if (!uarts) return;
    const found = await this.untilFound(uarts);
    await Promise.all(
      found.map((uart) => {
        this.open(uart.name);
        return this.follow(uart.name, () => uart.follow(this.signal));
      }),
    );
  }

  private async untilFound(find: () => Promise<readonly UartSource[]>): Promise<readonly UartSource[]> {
    while (!this.signal.aborted) {
      try {
        return await find();
      } catch (error) {
        problemOf(error);
        await this.pause();
      }
    }
    return [];
  }

  /**
   * The hypervisor's console. An open device keeps its driver from being unloaded: it stays open only while Jailhouse is
   * enabled, when that cannot be done anyway. In between it is looked at: after an enable that failed it says why.
   */
  private async followConsole(): Promise<void> {
    while (!this.signal.aborted) {
      if (this.isEnabled()) {
        await this.read(HYPERVISOR_LOG, this.consoleWhileEnabled());
        // What is left of it then is less than what was shown.
        this.lastConsole = undefined;
      } else {
        await this.read(HYPERVISOR_LOG, this.changedConsole());
      }
      await this.pause();
    }
  }

  private async *consoleWhileEnabled(): AsyncGenerator<Uint8Array> {
    const ending = new AbortController();
    const check = setInterval(() => !this.isEnabled() && ending.abort(), RETRY_MS);
    try {
      yield* this.source.jailhouse.console({ follow: true, signal: AbortSignal.any([this.signal, ending.signal]) });
    } finally {
      clearInterval(check);
    }
  }

  /** The whole console, should it be another than before. */
  private async *changedConsole(): AsyncGenerator<Uint8Array> {
    const pieces: Uint8Array[] = [];
    try {
      // Not Jailhouse.console, which finds out why there is none, each time.
      for await (const bytes of readConsole(this.source.kernel, JAILHOUSE_DEVICE, { signal: this.signal }))
        pieces.push(bytes);
    } catch (error) {
      // Nothing was ever enabled.
      if (!(error instanceof KernelError) || error.errno !== 'EAGAIN') throw error;
    }
    const all = Buffer.concat(pieces);
    const text = all.toString('latin1');
    const isNews = this.lastConsole !== undefined && this.lastConsole !== text;
    this.lastConsole = text;
    if (isNews) yield all;
  }

  /** One log, again and again: it ends when the board is reset. */
  private async follow(log: string, open: () => AsyncIterable<Uint8Array>): Promise<void> {
    while (!this.signal.aborted) {
      await this.read(log, open());
      await this.pause();
    }
  }

  private async read(log: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    let isNew = true;
    try {
      const decoder = new TextDecoder();
      for await (const bytes of pieces) {
        // It begins anew whenever it is opened.
        if (isNew && this.shown.has(log)) this.open(log);
        isNew = false;
        this.shown.set(log, 'text');
        this.put(log, decoder.decode(bytes, { stream: true }));
      }
    } catch (error) {
      const { text, hint } = problemOf(error);
      const shown = this.shown.get(log);
      // Of a log that was read before, what was read is worth more than that it is gone now: the header says why.
      if (text !== shown && shown !== 'text' && !this.signal.aborted) {
        this.put(log, `(${text})\n${hint === undefined ? '' : `(hint: ${hint})\n`}`);
        this.shown.set(log, text);
      }
    }
  }

  /** Much text in small pieces, as the kernel's log is at first, is passed on together. */
  private put(log: string, text: string): void {
    this.gathered.set(log, (this.gathered.get(log) ?? '') + text);
    this.flushing ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  private flush(): void {
    clearTimeout(this.flushing);
    this.flushing = undefined;
    const all = [...this.gathered];
    this.gathered.clear();
    for (const [log, text] of all) this.dispatch({ kind: 'logged', board: this.index, log, text });
  }

  private open(log: string): void {
    this.flush();
    this.dispatch({ kind: 'log-opened', board: this.index, log });
  }

  private async pause(): Promise<void> {
    await wait(RETRY_MS, undefined, { signal: this.signal }).catch(() => undefined);
  }
}

async function* kernelText(messages: ReturnType<typeof followKernelLog>): AsyncGenerator<Uint8Array> {
  for await (const { seconds, text } of messages) {
    yield new TextEncoder().encode(`[${seconds.toFixed(6).padStart(12)}] ${text}\n`);
  }
}
