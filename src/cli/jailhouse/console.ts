import { openJailhouse } from './open';
import { wrongUsage } from './usage';
import type { CommandIo } from '../command';

const FOLLOW = ['-f', '--follow'];

/** `jailhouse console [-f | --follow]`. Of two or more arguments the C tool looks at none. */
export async function console(args: readonly string[], io: CommandIo): Promise<number> {
  const follow = args.length === 1;
  if (follow && !FOLLOW.includes(args[0] as string)) {
    return wrongUsage(io);
  }
  for await (const bytes of (await openJailhouse(io)).console({ follow })) {
    io.out(bytes);
  }
  return 0;
}
