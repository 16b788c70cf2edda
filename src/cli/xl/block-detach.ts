import { findDisk } from '../../xen/devices/list';
import { removeDevice } from '../../xen/devices/remove';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { XlRun } from './xl';

/** `xl block-detach [-f] DOMAIN VDEV` */
export async function blockDetach(args: readonly string[], { io }: XlRun): Promise<number> {
  const { values, positionals } = parseXlArguments(
    'block-detach',
    args,
    { options: { force: { type: 'boolean', short: 'f' } }, minimum: 2 },
    io,
  );
  return withXenstore(io, async (store) => {
    const [name = '', which = ''] = positionals;
    const domid = await findDomainId(store, name);
    const disk = await findDisk(store, domid, which);
    if (disk === undefined) {
      io.err(`Error: Device ${which} not connected.\n`);
      return EXIT_FAILURE;
    }
    for (const problem of await removeDevice(store, disk, { isForced: values.force === true })) io.err(`${problem}\n`);
    return 0;
  });
}
