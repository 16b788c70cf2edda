import { parseOptions } from '../arguments';
import { boardName, runningBoard, statusOf } from './running';
import { showJson, showStatus } from './show';
import { BOARD_USAGE } from './usage';
import type { CommandIo } from '../../command';

export async function status(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } }, BOARD_USAGE);
  const found = await statusOf(await runningBoard(boardName(positionals)));
  io.out(values.json ? showJson(found) : showStatus(found));
  return 0;
}
