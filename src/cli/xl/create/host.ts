import { USERDATA_FOLDER } from '../../../xen/builder/userdata';
import { Hypervisor } from '../../../xen/hypervisor/hypervisor';
import { openXenstore } from '../../../xen/xenstore/open';
import type { BuildHost } from '../../../xen/builder/host';
import type { CommandIo } from '../../command';

/** Xen and xenstore of the host that this command runs on. */
export async function openXenParts(io: CommandIo): Promise<BuildHost & { close(): Promise<void> }> {
  const kernel = await io.openKernel(io.env);
  const [hypervisor, store] = await Promise.all([Hypervisor.open(kernel), openXenstore(kernel, io.env)]);
  return {
    kernel,
    hypervisor,
    store,
    userdataFolder: USERDATA_FOLDER,
    notice: (line) => io.err(`${line}\n`),
    close: async () => {
      store.close();
      await hypervisor.close();
      await kernel.close();
    },
  };
}
