import { wrongUsage } from '../usage';
import type { CommandIo } from '../../command';

/** `jailhouse config SUBCOMMAND`: one file each. */
export async function config(args: readonly string[], io: CommandIo): Promise<number> {
  const [subcommand, ...others] = args;
  switch (subcommand) {
    case 'check':
      return (await import('./check')).check(others, io);
    case 'create':
      return (await import('./create')).create(others, io);
    case 'collect':
      return (await import('./collect')).collect(others, io);
    default:
      return wrongUsage(io);
  }
}
