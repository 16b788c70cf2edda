import { setTimeout as wait } from 'node:timers/promises';
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

  constructor(
    private readonly source: BoardSource,
    private readonly index: number,
    private readonly dispatch: (event: DashboardEvent) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { kernel, jailhouse } = this.source;
    await Promise.all([
      this.follow(HYPERVISOR_LOG, () => jailhouse.console({ follow: true, signal: this.signal })),
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

  /** One log, again and again: it ends when Jailhouse is disabled, or the board is reset. */
  private async follow(log: string, open: () => AsyncIterable<Uint8Array>): Promise<void> {
    let shown = '';
    while (!this.signal.aborted) {
      let isNew = true;
      try {
        const decoder = new TextDecoder();
        for await (const bytes of open()) {
          // It begins anew whenever it is opened.
          if (isNew && shown !== '') this.open(log);
          isNew = false;
          shown = 'text';
          this.put(log, decoder.decode(bytes, { stream: true }));
        }
      } catch (error) {
        const { text, hint } = problemOf(error);
        // Of a log that was read before, what was read is worth more than that it is gone now: the header says why.
        if (text !== shown && shown !== 'text' && !this.signal.aborted) {
          this.put(log, `(${text})\n${hint === undefined ? '' : `(hint: ${hint})\n`}`);
          shown = text;
        }
      }
      await this.pause();
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
