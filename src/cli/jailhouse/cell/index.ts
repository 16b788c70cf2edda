import { wrongUsage } from '../usage';
import type { CommandIo } from '../../command';

/** `jailhouse cell SUBCOMMAND`: one file each. */
export async function cell(args: readonly string[], io: CommandIo): Promise<number> {
  const [subcommand, ...others] = args;
  switch (subcommand) {
    case 'create':
      return (await import('./create')).create(others, io);
    case 'list':
      return (await import('./list')).list(others, io);
    case 'load':
      return (await import('./load')).load(others, io);
    case 'start':
      return (await import('./start')).start(others, io);
    case 'shutdown':
      return (await import('./shutdown')).shutdown(others, io);
    case 'destroy':
      return (await import('./destroy')).destroy(others, io);
    case 'stats':
      return (await import('./stats')).stats(others, io);
    case 'linux':
      return (await import('./linux')).linux(others, io);
    default:
      return wrongUsage(io);
  }
}
