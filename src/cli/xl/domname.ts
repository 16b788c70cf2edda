import { parseXlArguments } from './arguments';
import type { Xl } from './xl';

export async function domname(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('domname', args, { options: {}, minimum: 1 }, xl.io);
  const [id = ''] = positionals;
  if (!/^\d+$/.test(id)) {
    xl.io.err('Invalid domain id.\n\n');
    return 1;
  }
  const name = await (await xl.host()).domainName(Number(id));
  if (name === undefined) {
    xl.io.err(`Can't get domain name of domain id '${Number(id)}', maybe this domain does not exist.\n`);
    return 1;
  }
  xl.io.out(`${name}\n`);
  return 0;
}
