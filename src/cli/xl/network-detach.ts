import { findVif } from '../../xen/devices/list';
import { removeDevice } from '../../xen/devices/remove';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { XlRun } from './xl';

/** `xl network-detach DOMAIN HANDLE-OR-MAC` */
export async function networkDetach(args: readonly string[], { io }: XlRun): Promise<number> {
  const { positionals } = parseXlArguments('network-detach', args, { options: {}, minimum: 2 }, io);
  return withXenstore(io, async (store) => {
    const [name = '', which = ''] = positionals;
    const domid = await findDomainId(store, name);
    const vif = await findVif(store, domid, which);
    if (vif === undefined) {
      io.err(`Unknown device ${which}.\n`);
      return EXIT_FAILURE;
    }
    for (const problem of await removeDevice(store, vif)) io.err(`${problem}\n`);
    return 0;
  });
}
