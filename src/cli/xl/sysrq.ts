import { sendSysrq } from '../../xen/lifecycle/request';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] sysrq <Domain> <letter>

Send a sysrq to a domain.

`;

/** `xl sysrq DOMAIN LETTER` */
export function sysrq(args: readonly string[], io: CommandIo): Promise<number> | number {
  const options = parseOptions(args, { command: 'sysrq', letters: '', minOperands: 2, usage: USAGE }, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store) => {
    const [name = '', letter = ''] = options.operands;
    const domid = await lookUpDomain(store, name, io);
    if (domid === undefined) return EXIT_FAILURE;
    if (letter.length > 1) {
      io.err('Invalid sysrq.\n\n');
      io.out(USAGE);
      return EXIT_FAILURE;
    }
    await sendSysrq(store, domid, letter);
    return 0;
  });
}
