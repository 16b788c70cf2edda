import { KernelError } from '../../errors';
import { Log } from './log';
import { Terminal } from './terminal';
import type { Machine } from '../machine';
import type { Journal } from './journal';

/** Typed ahead, as a terminal line discipline would keep it. */
const MAX_PENDING_BYTES = 64 * 1024;
const RETRY_MS = 2;
/** A receiver that takes nothing for this long has nobody reading it: what was sent to it is lost, as on a real line. */
const OVERRUN_MS = 1000;

/** One UART as the outside of the board sees it: a log, an input line, and a pseudo-terminal if wanted. */
export class UartPort {
  readonly log: Log;
  readonly terminal: Terminal | undefined;
  private shownEnd = 0;
  private pending: Uint8Array = new Uint8Array(0);
  private retry: NodeJS.Timeout | undefined;
  private lastTakenMs = 0;

  constructor(
    private readonly machine: Machine,
    readonly name: string,
    options: { readonly hasTerminals: boolean; readonly journal: Journal },
  ) {
    this.log = new Log((from) => machine.uartLog(name, from));
    this.terminal = options.hasTerminals ? this.openTerminal(options.journal) : undefined;
  }

  /** To be called when the UART's log may have grown. */
  grew(): void {
    const part = this.machine.uartLog(this.name, this.shownEnd);
    this.shownEnd = part.end;
    if (part.bytes.length > 0) this.terminal?.write(part.bytes);
    this.log.grew(part.end);
  }

  /** Sends bytes to the receiver, as fast as the inmate takes them. Returns how many there was room for. */
  send(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, MAX_PENDING_BYTES - this.pending.length);
    if (this.pending.length === 0) this.lastTakenMs = Date.now();
    this.pending = Buffer.concat([this.pending, taken]);
    if (this.retry === undefined) this.feed();
    return taken.length;
  }

  close(): void {
    clearTimeout(this.retry);
    this.pending = new Uint8Array(0);
    this.terminal?.close();
  }

  /** A container may have no pseudo-terminals: the board does without. */
  private openTerminal(journal: Journal): Terminal | undefined {
    try {
      return new Terminal((bytes) => this.send(bytes));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      journal(`${this.name} has no terminal: ${error.message}`);
      return undefined;
    }
  }

  private feed(): void {
    this.retry = undefined;
    if (this.pending.length === 0) return;
    const taken = this.machine.uartInput(this.name, this.pending);
    if (taken > 0) this.lastTakenMs = Date.now();
    this.pending = this.pending.subarray(taken);
    if (Date.now() - this.lastTakenMs > OVERRUN_MS) this.pending = new Uint8Array(0);
    if (this.pending.length > 0) this.retry = setTimeout(() => this.feed(), RETRY_MS);
  }
}
