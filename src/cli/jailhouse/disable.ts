import { openJailhouse } from './open';
import type { CommandIo } from '../command';

/** `jailhouse disable`. More arguments are ignored, as the C tool does. */
export async function disable(_args: readonly string[], io: CommandIo): Promise<number> {
  await (await openJailhouse(io)).disable();
  return 0;
}
