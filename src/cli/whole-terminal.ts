import { isUtf8Locale } from '../dashboard/view/glyphs';
import type { TerminalOptions } from '../dashboard/view/blessed-screen';
import type { Environment } from './command';

/** A serial line knows no size. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
const DEFAULT_TERMINAL = 'vt100';

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** A program that has taken the whole terminal. */
export interface TerminalProgram {
  /** When the person has left. Rejects with what is a bug. */
  readonly done: Promise<void>;
  /** Gives the terminal back. */
  close(): void;
}

/** This process's terminal. */
export function processTerminal(env: Environment): TerminalOptions {
  const { stdin, stdout } = process;
  if (!stdout.columns || !stdout.rows) Object.assign(stdout, DEFAULT_SIZE);
  return {
    input: stdin,
    output: stdout,
    terminal: env['TERM'] || DEFAULT_TERMINAL,
    isUtf8: isUtf8Locale(env),
    wantsColours: !env['NO_COLOR'],
  };
}

/** Waits until the person leaves. However the program ends, by a signal and by a bug too, the terminal is given back. */
export function untilLeft(program: TerminalProgram): Promise<void> {
  const { stdin, stdout } = process;
  return new Promise((resolve, reject) => {
    const tellWarnings = holdWarnings();
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        program.close();
        dieOf(signal);
      });
    }
    // The terminal is gone: there is nobody left to talk to. Ending in order would try to set it back, and fail.
    for (const stream of [stdin, stdout]) stream.on('error', () => dieOf('SIGHUP'));
    stdin.on('end', () => dieOf('SIGHUP'));
    const crash = (error: unknown) => {
      // What is thrown on from here ends the process, as everywhere.
      process.off('uncaughtException', crash);
      program.close();
      reject(error);
    };
    process.on('uncaughtException', crash);
    program.done.then(() => {
      program.close();
      tellWarnings();
      resolve();
    }, crash);
  });
}

/** Node writes its warnings to stderr, in the middle of the screen: they wait until it is given back. */
function holdWarnings(): () => void {
  const warnings: Error[] = [];
  process.removeAllListeners('warning');
  process.on('warning', (warning) => warnings.push(warning));
  return () => warnings.forEach(({ name, message }) => process.stderr.write(`${name}: ${message}\n`));
}

/** As a program ends that does not know the signal: whoever waits for it learns of it. */
function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
