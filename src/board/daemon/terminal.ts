import { closeSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { KernelError } from '../../errors';
import { loadSyscalls } from '../../native/syscalls';

/** A UART's pseudo-terminal. Like a serial line it keeps nothing for a terminal program that reads too slowly. */
export class Terminal {
  /** What a terminal program opens. */
  readonly path: string;
  private readonly master: number;
  private readonly terminal: number;
  private readonly input: ReadStream;

  /** @throws KernelError when the system has no more pseudo-terminals */
  constructor(onInput: (bytes: Uint8Array) => void) {
    const pty = loadSyscalls().openPty();
    if (typeof pty === 'number') throw new KernelError('opening a pseudo-terminal', pty);
    this.path = pty.path;
    this.master = pty.master;
    this.terminal = pty.terminal;
    this.input = new ReadStream(pty.master);
    this.input.on('data', onInput);
    this.input.on('error', () => this.input.destroy());
  }

  write(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length;) {
      try {
        offset += writeSync(this.master, bytes, offset);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        // Nobody reads, or not fast enough: what is shown next shall be recent.
        if (loadSyscalls().discardUnread(this.terminal) < 0) return;
      }
    }
  }

  close(): void {
    this.input.destroy();
    closeSync(this.terminal);
  }
}
