import { parseXlArguments } from './arguments';
import type { Xl } from './xl';

export async function debugKeys(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('debug-keys', args, { options: {}, minimum: 1 }, xl.io);
  await (await xl.host()).hypervisor.host.sendDebugKeys(positionals[0] ?? '');
  return 0;
}
