import { CellvisorError } from '../../errors';
import { renameDomain } from '../../xen/lifecycle/names';
import { reportError } from '../report';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] rename <Domain> <NewDomainName>

Rename a domain.

`;

/** `xl rename DOMAIN NEW-NAME` */
export function rename(args: readonly string[], io: CommandIo): Promise<number> | number {
  const options = parseOptions(args, { command: 'rename', letters: '', minOperands: 2, usage: USAGE }, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store) => {
    const [name = '', newName = ''] = options.operands;
    const domid = await lookUpDomain(store, name, io);
    if (domid === undefined) return EXIT_FAILURE;
    try {
      await renameDomain(store, domid, newName);
      return 0;
    } catch (error) {
      if (!(error instanceof CellvisorError) || error.code !== 'E_XEN_DOMAIN') throw error;
      reportError(error, io);
      io.err(`Can't rename domain '${name}'.\n`);
      return EXIT_FAILURE;
    }
  });
}
