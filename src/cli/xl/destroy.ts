import { CellvisorError } from '../../errors';
import { destroyDomain } from '../../xen/lifecycle/destroy';
import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { ErrnoName } from '../../errno';
import type { XlRun } from './xl';

/** Of libxl's failures (xen-abi reference 20): no such domain, and in general. */
const LIBXL_NUMBERS: Partial<Record<ErrnoName, number>> = { ESRCH: -21 };

/** `xl destroy [-f] DOMAIN` */
export async function destroy(args: readonly string[], { io, options }: XlRun): Promise<number> {
  const { values, positionals } = parseXlArguments(
    'destroy',
    args,
    { options: { force: { type: 'boolean', short: 'f' } }, minimum: 1 },
    io,
  );
  return withXenstore(io, async (store, kernel) => {
    const domid = await findDomainId(store, positionals[0] ?? '');
    if (domid === 0 && !values.force === true) {
      io.err('Not destroying domain 0; use -f to force.\n');
      io.err('This can only be done when using a disaggregated hardware domain and toolstack.\n\n');
      return EXIT_FAILURE;
    }
    const { Hypervisor } = await import('../../xen/hypervisor/hypervisor');
    const hypervisor = await Hypervisor.open(kernel, { target: options.target });
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
