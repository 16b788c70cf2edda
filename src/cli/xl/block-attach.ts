import { parseDiskSpec } from '../../xen/config';
import { addDevice } from '../../xen/devices/add';
import { checkDiskTarget, planDisk } from '../../xen/devices/disk';
import { checkDomain } from '../../xen/lifecycle/request';
import { findDomid } from '../../xen/lifecycle/names';
import { parseXlArguments } from './arguments';
import { reportAttachFailure } from './attach-failure';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { XlRun } from './xl';

/** `xl block-attach DOMAIN DISK-SPECIFICATION...` */
export async function blockAttach(args: readonly string[], { io }: XlRun): Promise<number> {
  const { positionals } = parseXlArguments('block-attach', args, { options: {}, minimum: 2 }, io);
  return withXenstore(io, async (store, kernel) => {
    const [name = '', ...words] = positionals;
    const domid = await findDomid(store, name);
    if (domid === undefined) {
      io.err(`${name} is an invalid domain identifier\n`);
      return EXIT_FAILURE;
    }
    try {
      const disk = parseDiskSpec(words.join(','), 'command line');
      const backend = disk.backendDomain === undefined ? 0 : await findDomainId(store, disk.backendDomain);
      await checkDomain(store, domid);
      const plan = planDisk(domid, disk, backend);
      await checkDiskTarget(kernel, domid, disk);
      await addDevice(store, plan);
      return 0;
    } catch (error) {
      return reportAttachFailure(error, 'libxl_device_disk_add', io);
    }
  });
}
