import { printHelp, UsageError } from '../arguments';
import { USAGE } from './usage';
import type { CommandIo } from '../../command';

/** `cellvisor config SUBCOMMAND`: one file each. */
export async function config(args: readonly string[], io: CommandIo): Promise<number> {
  const [subcommand, ...others] = args;
  switch (subcommand) {
    case 'show':
      return (await import('./show')).show(others, io);
    case 'diff':
      return (await import('./diff')).diff(others, io);
    case 'convert':
      return (await import('./convert')).convert(others, io);
    case 'dts':
      return (await import('./dts')).dts(others, io);
    case '--help':
    case '-h':
      return printHelp(io, USAGE);
    case undefined:
      throw new UsageError('a subcommand is missing', USAGE);
    default:
      throw new UsageError(`there is no command 'config ${subcommand}'`, USAGE);
  }
}
