import { CellvisorError } from '../../errors';
import { destroyDomain } from '../../xen/lifecycle/destroy';
import { reportError } from '../report';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { ErrnoName } from '../../errno';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] destroy [options] <Domain>


Terminate a domain immediately.

Options:

-f                      Permit destroying domain 0, which will only succeed
                        when run from disaggregated toolstack domain with a
                        hardware domain distinct from domain 0.
`;

/** Of libxl's failures (xen-abi reference 20): no such domain, and in general. */
const LIBXL_NUMBERS: Partial<Record<ErrnoName, number>> = { ESRCH: -21 };

/** `xl destroy [-f] DOMAIN` */
export function destroy(args: readonly string[], io: CommandIo): Promise<number> | number {
  const options = parseOptions(args, { command: 'destroy', letters: 'f', minOperands: 1, usage: USAGE }, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store, kernel) => {
    const domid = await lookUpDomain(store, options.operands[0] ?? '', io);
    if (domid === undefined) return EXIT_FAILURE;
    if (domid === 0 && !options.has('f')) {
      io.err('Not destroying domain 0; use -f to force.\n');
      io.err('This can only be done when using a disaggregated hardware domain and toolstack.\n\n');
      return EXIT_FAILURE;
    }
    const { Hypervisor } = await import('../../xen/hypervisor/hypervisor');
    const hypervisor = await Hypervisor.open(kernel);
    try {
      for (const problem of await destroyDomain(store, hypervisor.domains, domid)) io.err(`${problem}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof CellvisorError)) throw error;
      reportError(error, io);
      io.err(`destroy failed (rc=${LIBXL_NUMBERS[error.errno ?? 'EIO'] ?? -3})\n`);
      return EXIT_FAILURE;
    } finally {
      await hypervisor.close();
    }
  });
}
