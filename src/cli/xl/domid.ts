import { parseXlArguments } from './arguments';
import type { Xl } from './xl';

export async function domid(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('domid', args, { options: {}, minimum: 1 }, xl.io);
  const [name = ''] = positionals;
  const found = await (await xl.host()).domainByName(name);
  if (found === undefined) {
    xl.io.err(`Can't get domid of domain name '${name}', maybe this domain does not exist.\n`);
    return 1;
  }
  xl.io.out(`${found.id}\n`);
  return 0;
}
