import { Dashboard } from '../../../dashboard/dashboard';
import { isUtf8Locale } from '../../../dashboard/view/glyphs';
import { boardSources } from './sources';
import type { Environment } from '../../command';
import type { TopOptions } from '.';

/** A serial line knows no size. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
const DEFAULT_TERMINAL = 'vt100';

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Runs the dashboard on this process's terminal. However it ends, the terminal is given back. */
export async function runTop(options: TopOptions, env: Environment): Promise<number> {
  const boards = await boardSources(options, env);
  const { stdin, stdout } = process;
  if (!stdout.columns || !stdout.rows) Object.assign(stdout, DEFAULT_SIZE);
  const dashboard = new Dashboard({
    boards,
    intervalMs: options.intervalMs,
    isReadOnly: options.isReadOnly,
    terminal: {
      input: stdin,
      output: stdout,
      terminal: env['TERM'] || DEFAULT_TERMINAL,
      isUtf8: isUtf8Locale(env),
      wantsColours: !env['NO_COLOR'],
    },
  });
  return new Promise((resolve, reject) => {
    const tellWarnings = holdWarnings();
    const end = (code: number) => {
      dashboard.close();
      tellWarnings();
      resolve(code);
    };
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        dashboard.close();
        dieOf(signal);
      });
    }
    // The terminal is gone: there is nobody left to talk to. Ending in order would try to set it back, and fail.
    for (const stream of [stdin, stdout]) stream.on('error', () => dieOf('SIGHUP'));
    stdin.on('end', () => dieOf('SIGHUP'));
    const crash = (error: unknown) => {
      // What is thrown on from here ends the process, as everywhere.
      process.off('uncaughtException', crash);
      dashboard.close();
      reject(error);
    };
    process.on('uncaughtException', crash);
    dashboard.done.then(() => end(0), crash);
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
