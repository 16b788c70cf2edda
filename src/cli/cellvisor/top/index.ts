import { CellvisorError } from '../../../errors';
import { chosenBoard } from '../../../kernel/choose';
import { targetBoards } from '../../target';
import { oneOf, parseDuration, parseOptions, printHelp, UsageError } from '../arguments';
import { TOP_USAGE } from './usage';
import type { CommandIo } from '../../command';
import type { TopOptions } from './options';

const OPTIONS = {
  backend: { type: 'string' },
  board: { type: 'string', multiple: true },
  interval: { type: 'string' },
  'read-only': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DEFAULT_INTERVAL_MS = 1000;
const MIN_INTERVAL_MS = 100;

/** `cellvisor top`, and `cellvisor` alone. The dashboard and blessed are loaded only here. */
export async function top(args: readonly string[], io: CommandIo): Promise<number> {
  const options = parseTop(args, io.env);
  if (options === 'help') return printHelp(io, TOP_USAGE);
  if (!io.openTerminal) throw noTerminal('stdin and stdout are not both a terminal');
  if (io.env['TERM'] === 'dumb') throw noTerminal('TERM is dumb');
  const { runTop } = await import('./program');
  return runTop(options, io.env);
}

/** @throws UsageError */
export function parseTop(args: readonly string[], env: CommandIo['env']): TopOptions | 'help' {
  const { values, positionals } = parseOptions(args, OPTIONS, TOP_USAGE);
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`top takes no '${positionals.join(' ')}'`, TOP_USAGE);
  const target = targetBoards(env);
  const backend = oneOf(values.backend ?? target.backend, '--backend', ['hardware', 'emulated'], TOP_USAGE);
  const boards = [...new Set(values.board)];
  if (boards.length > 0 && backend !== 'emulated') {
    throw new UsageError('--board names an emulated board: --backend emulated is missing', TOP_USAGE);
  }
  const isRemote = target.hosts?.length !== 0 || target.hostsFile !== undefined;
  if (isRemote && boards.length > 1) {
    throw new UsageError('with --host there is one --board: the one of each host', TOP_USAGE);
  }
  const intervalMs =
    values.interval === undefined ? DEFAULT_INTERVAL_MS : parseDuration(values.interval, '--interval', TOP_USAGE);
  if (intervalMs < MIN_INTERVAL_MS) {
    throw new UsageError(`--interval is at least ${MIN_INTERVAL_MS}ms, not '${values.interval}'`, TOP_USAGE);
  }
  const board = boards[0] ?? target.board;
  return {
    choice: { ...target, backend, board },
    emulated: isRemote || backend !== 'emulated' ? [] : boards.length > 0 ? boards : [chosenBoard(board)],
    intervalMs,
    isReadOnly: values['read-only'] ?? false,
  };
}

function noTerminal(reason: string): CellvisorError {
  return new CellvisorError(`the dashboard needs a terminal: ${reason}`, {
    code: 'E_TERMINAL',
    operation: 'open terminal',
    hint: "'cellvisor stats' prints the same figures, 'cellvisor stats --json' for a program",
  });
}
