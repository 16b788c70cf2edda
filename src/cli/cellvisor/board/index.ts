import { printHelp, UsageError } from '../arguments';
import { BOARD_USAGE } from './usage';
import type { CommandIo } from '../../command';

/** `cellvisor board`: loads the subcommand. */
export async function board(args: readonly string[], io: CommandIo): Promise<number> {
  const [command, ...others] = args;
  if (command === '--help' || command === '-h' || others.includes('--help') || others.includes('-h')) {
    return printHelp(io, BOARD_USAGE);
  }
  switch (command) {
    case 'start':
      return (await import('./start')).start(others, io);
    case 'stop':
      return (await import('./stop')).stop(others, io);
    case 'status':
      return (await import('./status')).status(others, io);
    case 'list':
      return (await import('./list')).list(others, io);
    case 'reset':
      return (await import('./reset')).reset(others, io);
    case 'log':
      return (await import('./log')).log(others, io);
    case 'cat':
      return (await import('./cat')).cat(others, io);
    case 'attach':
      return (await import('./attach')).attach(others, io);
    case undefined:
      throw new UsageError('a command for the board is missing', BOARD_USAGE);
    default:
      throw new UsageError(`there is no command '${command}' for boards`, BOARD_USAGE);
  }
}
