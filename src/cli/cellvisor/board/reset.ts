import { parseOptions } from '../arguments';
import { boardName, runningBoard } from './running';
import { BOARD_USAGE } from './usage';
import type { CommandIo } from '../../command';

export async function reset(args: readonly string[], io: CommandIo): Promise<number> {
  const name = boardName(parseOptions(args, {}, BOARD_USAGE).positionals);
  const connection = await runningBoard(name);
  await connection.request('boardReset', [], { description: `resetting ${name}` });
  io.out(`the emulated board ${name} was reset\n`);
  return 0;
}
