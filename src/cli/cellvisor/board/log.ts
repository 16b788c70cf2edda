import { chosenBoard } from '../../../kernel/choose';
import { parseDuration, parseOptions, UsageError } from '../arguments';
import { readLog } from './follow-log';
import { requireOneOf, runningBoard, statusOf } from './running';
import { BOARD_USAGE } from './usage';
import type { CommandIo } from '../../command';

const OPTIONS = {
  follow: { type: 'boolean', short: 'f' },
  since: { type: 'string' },
  board: { type: 'string' },
} as const;

export async function log(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, BOARD_USAGE);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new UsageError('one log, such as uart1', BOARD_USAGE);
  const sinceMs = values.since === undefined ? 0 : Date.now() - parseDuration(values.since, '--since', BOARD_USAGE);
  const connection = await runningBoard(chosenBoard(values.board));
  requireOneOf((await statusOf(connection)).logs, name, 'log');
  const pieces = readLog(connection, name, {
    sinceMs: Math.max(0, Math.round(sinceMs)),
    isFollowing: values.follow ?? false,
  });
  for await (const bytes of pieces) io.out(bytes);
  return 0;
}
