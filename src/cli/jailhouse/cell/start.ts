import { openJailhouse } from '../open';
import { parseOnlySelector } from '../selector';
import { wrongUsage } from '../usage';
import type { CommandIo } from '../../command';

/** `jailhouse cell start { ID | [--name] NAME }` */
export async function start(args: readonly string[], io: CommandIo): Promise<number> {
  const selector = parseOnlySelector(args);
  if (!selector) {
    return wrongUsage(io);
  }
  await (await openJailhouse(io)).startCell(selector);
  return 0;
}
