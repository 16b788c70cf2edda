import { chosenBoard } from '../../../kernel/choose';
import { EmulatedKernel } from '../../../kernel/emulated/kernel';
import { parseOptions, UsageError } from '../arguments';
import { runningBoard } from './running';
import { BOARD_USAGE } from './usage';
import type { CommandIo } from '../../command';

/** `cellvisor board cat PATH`: a file of the board's Linux, such as /proc/interrupts or anything in /sys. */
export async function cat(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { board: { type: 'string' } }, BOARD_USAGE);
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) {
    throw new UsageError('one file, such as /proc/interrupts', BOARD_USAGE);
  }
  const kernel = new EmulatedKernel(() => runningBoard(chosenBoard(values.board)));
  io.out(await kernel.readFile(path));
  return 0;
}
