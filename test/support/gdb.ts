import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** For what hangs: what GDB said last explains it better than the end of the test's time. */
const LIMIT_MS = 60_000;

/** The first of the programs that is not there; undefined when all are. */
export function missingProgram(...programs: string[]): string | undefined {
  return programs.find((program) => spawnSync(program, ['--version']).error);
}

/**
 * GDB, driven over its machine interface (GDB manual, "GDB/MI"): a command is over with its result record, and the cell has
 * stopped with a `*stopped` record, so nothing is ever waited for by the clock.
 */
export class Gdb {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly exited: Promise<void>;
  /** Not yet asked for. */
  private readonly stops: string[] = [];
  private text = '';
  private lastLines: string[] = [];
  private onResult: ((record: string) => void) | undefined;
  private onStop: (() => void) | undefined;

  constructor(elf: string) {
    // Without the files that could change how it behaves.
    this.child = spawn('gdb-multiarch', ['-nx', '-q', '--interpreter=mi3', elf]);
    this.exited = new Promise((resolve) => this.child.once('exit', () => resolve()));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.take(line));
    this.child.stderr.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  /** What a command of GDB's console prints. @throws Error with GDB's message when it fails */
  async run(command: string): Promise<string> {
    this.text = '';
    const record = await this.soon<string>(`the end of '${command}'`, (resolve) => {
      this.onResult = resolve;
      this.child.stdin.write(`-interpreter-exec console ${JSON.stringify(command)}\n`);
    });
    if (record.startsWith('^error')) throw new Error(`${command}: ${record}`);
    return this.text;
  }

  /** Runs a command that lets the cell go on, and gives the record of its stop. */
  async until(command: string): Promise<string> {
    await this.run(command);
    return this.stopped();
  }

  /** The record of the next stop. */
  async stopped(): Promise<string> {
    for (;;) {
      const record = this.stops.shift();
      if (record !== undefined) return record;
      await this.soon('a stop', (resolve) => (this.onStop = () => resolve(undefined)));
    }
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  async quit(): Promise<void> {
    this.child.stdin.end('-gdb-exit\n');
    await this.exited;
  }

  /** As if its machine had failed. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async soon<Value>(what: string, begin: (resolve: (value: Value) => void) => void): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Value>((resolve, reject) => {
        const give = () => reject(new Error(`waited ${LIMIT_MS / 1000} s for ${what}:\n${this.lastLines.join('\n')}`));
        timer = setTimeout(give, LIMIT_MS);
        begin(resolve);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private take(line: string): void {
    this.lastLines = [...this.lastLines.slice(-20), line];
    if (line.startsWith('~')) {
      this.text += JSON.parse(line.slice(1).replaceAll(/\\(\d{3})/g, '.')) as string;
    } else if (line.startsWith('*stopped')) {
      this.stops.push(line);
      this.onStop?.();
    } else if (line.startsWith('^')) {
      this.onResult?.(line);
    }
  }
}
