import { sendSysrq } from '../../xen/lifecycle/request';
import { commandNamed, helpOf } from './catalog';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { XlRun } from './xl';

/** `xl sysrq DOMAIN LETTER` */
export async function sysrq(args: readonly string[], { io }: XlRun): Promise<number> {
  const { positionals } = parseXlArguments('sysrq', args, { options: {}, minimum: 2 }, io);
  return withXenstore(io, async (store) => {
    const [name = '', letter = ''] = positionals;
    const domid = await findDomainId(store, name);
    if (letter.length > 1) {
      io.err('Invalid sysrq.\n\n');
      io.out(helpOf(commandNamed('sysrq')));
      return EXIT_FAILURE;
    }
    await sendSysrq(store, domid, letter);
    return 0;
  });
}
