import { CellvisorError } from '../../errors';
import { renameDomain } from '../../xen/lifecycle/names';
import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { XlRun } from './xl';

/** `xl rename DOMAIN NEW-NAME` */
export async function rename(args: readonly string[], { io }: XlRun): Promise<number> {
  const { positionals } = parseXlArguments('rename', args, { options: {}, minimum: 2 }, io);
  return withXenstore(io, async (store) => {
    const [name = '', newName = ''] = positionals;
    const domid = await findDomainId(store, name);
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
