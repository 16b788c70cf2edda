import { readInputFile } from '../input-file';
import { openJailhouse } from '../open';
import { wrongUsage } from '../usage';
import type { CommandIo } from '../../command';

/** `jailhouse cell create CELLCONFIG` */
export async function create(args: readonly string[], io: CommandIo): Promise<number> {
  const [path, ...others] = args;
  if (path === undefined || others.length > 0) {
    return wrongUsage(io);
  }
  const config = readInputFile(path);
  await (await openJailhouse(io)).createCell(config);
  return 0;
}
