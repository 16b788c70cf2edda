import { existsSync, rmSync } from 'node:fs';
import { connectToBoard } from '../../../kernel/emulated/start';
import { boardPaths } from '../../../paths';
import { parseOptions } from '../arguments';
import { boardName } from './running';
import { BOARD_USAGE } from './usage';
import type { CommandIo } from '../../command';

/** Succeeds also when the board is off already: off is what was asked for. */
export async function stop(args: readonly string[], io: CommandIo): Promise<number> {
  const name = boardName(parseOptions(args, {}, BOARD_USAGE).positionals);
  const connection = await connectToBoard(name);
  if (connection === undefined) {
    const { state } = boardPaths(name);
    const wasKilled = existsSync(state);
    rmSync(state, { force: true });
    io.out(
      wasKilled
        ? `the emulated board ${name} is gone: its process was killed\n`
        : `the emulated board ${name} is off\n`,
    );
    return 0;
  }
  await connection.request('boardStop', []);
  await connection.waitForEnd();
  io.out(`the emulated board ${name} is off\n`);
  return 0;
}
