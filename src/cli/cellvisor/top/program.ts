import { Dashboard } from '../../../dashboard/dashboard';
import { isUtf8Locale } from '../../../dashboard/view/glyphs';
import { boardSources } from './sources';
import type { Environment } from '../../command';
import type { TopOptions } from '.';

/** A serial line knows no size. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
const DEFAULT_TERMINAL = 'vt100';

/** What a shell reports of a program that a signal ended: 128 and its number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

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
    const end = (code: number) => {
      dashboard.close();
      resolve(code);
    };
    for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => end(code));
    // The terminal is gone: there is nobody left to talk to, and nothing to write to.
    for (const stream of [stdin, stdout]) stream.on('error', () => end(SIGNALS.SIGHUP));
    stdin.on('end', () => end(SIGNALS.SIGHUP));
    const crash = (error: unknown) => {
      dashboard.close();
      reject(error);
    };
    process.on('uncaughtException', crash);
    dashboard.done.then(() => end(0), crash);
  });
}
