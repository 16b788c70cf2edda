import { openJailhouse } from '../open';
import { parseOnlySelector } from '../selector';
import { wrongUsage } from '../usage';
import type { CommandIo } from '../../command';

/** `jailhouse cell destroy { ID | [--name] NAME }` */
export async function destroy(args: readonly string[], io: CommandIo): Promise<number> {
  const selector = parseOnlySelector(args);
  if (!selector) {
    return wrongUsage(io);
  }
  await (await openJailhouse(io)).destroyCell(selector);
  return 0;
}
