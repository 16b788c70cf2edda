import { parseXlArguments } from './arguments';
import type { Xl } from './xl';

export async function dmesg(args: readonly string[], xl: Xl): Promise<number> {
  const { values } = parseXlArguments('dmesg', args, { options: { clear: { type: 'boolean', short: 'c' } } }, xl.io);
  const { text } = await (await xl.host()).hypervisor.host.console({ clear: values.clear === true });
  xl.io.out(text);
  return 0;
}
