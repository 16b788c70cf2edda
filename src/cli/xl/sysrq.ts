import { parseXlArguments } from './arguments';
import { commandNamed, helpOf } from './catalog';
import { findDomainId } from './domain-selector';
import type { Xl } from './xl';

/** `xl sysrq`: the guest's kernel takes the letter from xenstore. */
export async function sysrq(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('sysrq', args, { options: {}, minimum: 2 }, xl.io);
  const [name = '', letter = ''] = positionals;
  const host = await xl.host();
  const id = await findDomainId(host, name);
  if (letter.length !== 1) {
    xl.io.err('Invalid sysrq.\n\n');
    xl.io.out(helpOf(commandNamed('sysrq')));
    return 1;
  }
  await host.xenstore.write(`/local/domain/${id}/control/sysrq`, letter);
  return 0;
}
