import { findDisk } from '../../xen/devices/list';
import { removeDevice } from '../../xen/devices/remove';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] block-detach [option] <Domain> <DevId>

Destroy a domain's virtual block device.

Options:

-f, --force        do not wait for the domain to release the device
`;

/** `xl block-detach [-f] DOMAIN VDEV` */
export function blockDetach(args: readonly string[], io: CommandIo): Promise<number> | number {
  const longNames = { force: 'f' };
  const table = { command: 'block-detach', letters: 'f', longNames, minOperands: 2, usage: USAGE };
  const options = parseOptions(args, table, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store) => {
    const [name = '', which = ''] = options.operands;
    const domid = await lookUpDomain(store, name, io);
    if (domid === undefined) return EXIT_FAILURE;
    const disk = await findDisk(store, domid, which);
    if (disk === undefined) {
      io.err(`Error: Device ${which} not connected.\n`);
      return EXIT_FAILURE;
    }
    for (const problem of await removeDevice(store, disk, { isForced: options.has('f') })) io.err(`${problem}\n`);
    return 0;
  });
}
