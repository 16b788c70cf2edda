import { readInputFile } from './input-file';
import { openJailhouse } from './open';
import { wrongUsage } from './usage';
import type { CommandIo } from '../command';

/** `jailhouse enable SYSCONFIG` */
export async function enable(args: readonly string[], io: CommandIo): Promise<number> {
  const [path, ...others] = args;
  if (path === undefined || others.length > 0) {
    return wrongUsage(io);
  }
  const system = readInputFile(path);
  await (await openJailhouse(io)).enable(system);
  return 0;
}
