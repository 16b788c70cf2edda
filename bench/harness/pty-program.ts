import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { writeSync } from 'node:fs';
import { loadSyscalls } from '../../src/native/syscalls';
import type { ChildProcess } from 'node:child_process';

const LIMIT_MS = 30_000;

/** A program on a terminal of 80 columns and 24 rows, whose every byte we see. */
export class PtyProgram {
  private readonly keyboard: ReadStream;
  private readonly terminal: number;
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();
  /** All that came so far. */
  output = '';

  constructor(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const pty = loadSyscalls().openPty();
    if (typeof pty === 'number') throw new Error(`no pseudo-terminal: errno ${-pty}`);
    this.terminal = pty.terminal;
    this.master = pty.master;
    this.keyboard = new ReadStream(pty.master);
    this.keyboard.on('data', (chunk: Buffer) => {
      this.output += chunk.toString('latin1');
      this.listeners.forEach((listener) => listener());
    });
    this.child = spawn(file, [...args], { env, stdio: [pty.terminal, pty.terminal, pty.terminal] });
  }

  private readonly master: number;

  type(text: string): void {
    writeSync(this.master, text);
  }

  /** Waits until what comes from `from` on contains a text. Fails with the end of what came when it never does. */
  until(text: string, from = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.listeners.delete(look);
        reject(new Error(`${JSON.stringify(text)} never came, but ${JSON.stringify(this.output.slice(-2000))}`));
      }, LIMIT_MS);
      const look = () => {
        if (!withSpaces(this.output.slice(from)).includes(text)) return;
        clearTimeout(timer);
        this.listeners.delete(look);
        resolve();
      };
      this.listeners.add(look);
      look();
    });
  }

  get processId(): number {
    return this.child.pid ?? 0;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.type('q');
    await ended;
    this.keyboard.destroy();
    closeSync(this.terminal);
  }
}

/** Spaces that are on the terminal already are not sent: the cursor is moved over them. */
function withSpaces(output: string): string {
  return output.replace(/\x1b\[(\d*)C/g, (_, count: string) => ' '.repeat(Number(count) || 1));
}
