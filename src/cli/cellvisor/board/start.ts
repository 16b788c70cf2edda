import { CellvisorError } from '../../../errors';
import { startBoard } from '../../../kernel/emulated/start';
import { oneOf, parseOptions } from '../arguments';
import { boardName, statusOf } from './running';
import { showJson, showStatus } from './show';
import { BOARD_USAGE } from './usage';
import type { StartOptions } from '../../../kernel/emulated/start';
import type { BoardStatus } from '../../../wire/control';
import type { CommandIo } from '../../command';

const OPTIONS = {
  type: { type: 'string' },
  release: { type: 'string' },
  clock: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export async function start(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, BOARD_USAGE);
  const name = boardName(positionals);
  const clock = oneOf(values.clock, '--clock', ['real', 'virtual'], BOARD_USAGE);
  const wanted: StartOptions = { type: values.type, release: values.release, clock };
  const { connection, wasRunning } = await startBoard(name, wanted, (line) => io.err(`${line}\n`));
  const status = await statusOf(connection);
  if (wasRunning) refuseDifference(status, wanted);
  io.out(values.json ? showJson(status) : showStatus(status));
  return 0;
}

/** A board that runs with other properties than asked for is not what was asked for. */
function refuseDifference(status: BoardStatus, wanted: StartOptions): void {
  for (const key of ['type', 'release', 'clock'] as const) {
    const value = wanted[key];
    if (value === undefined || value === status[key]) continue;
    throw new CellvisorError(`the emulated board ${status.name} runs already, with ${key} ${status[key]}`, {
      code: 'E_BOARD_RUNS',
      operation: 'start board',
      hint: `power it off first: cellvisor board stop ${status.name}`,
    });
  }
}
