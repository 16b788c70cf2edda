import { CellvisorError } from '../../errors';
import { parseDiskSpec, XlConfigError } from '../../xen/config';
import { addDevice } from '../../xen/devices/add';
import { checkDiskTarget, planDisk } from '../../xen/devices/disk';
import { checkDomain } from '../../xen/lifecycle/request';
import { findDomid } from '../../xen/lifecycle/names';
import { reportError } from '../report';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTfN] block-attach <Domain> <disk-spec-component(s)>...

Create a new virtual block device.

`;

/** `xl block-attach DOMAIN DISK-SPECIFICATION...` */
export function blockAttach(args: readonly string[], io: CommandIo): Promise<number> | number {
  const options = parseOptions(args, { command: 'block-attach', letters: '', minOperands: 2, usage: USAGE }, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store, kernel) => {
    const [name = '', ...words] = options.operands;
    const domid = await findDomid(store, name);
    if (domid === undefined) {
      io.err(`${name} is an invalid domain identifier\n`);
      return EXIT_FAILURE;
    }
    try {
      const disk = parseDiskSpec(words.join(','), 'command line');
      const backend = disk.backendDomain === undefined ? 0 : await lookUpDomain(store, disk.backendDomain, io);
      if (backend === undefined) return EXIT_FAILURE;
      await checkDomain(store, domid);
      const plan = planDisk(domid, disk, backend);
      await checkDiskTarget(kernel, domid, disk);
      await addDevice(store, plan);
      return 0;
    } catch (error) {
      if (!(error instanceof CellvisorError)) throw error;
      reportError(error, io);
      if (!(error instanceof XlConfigError)) io.err('libxl_device_disk_add failed.\n');
      return EXIT_FAILURE;
    }
  });
}
