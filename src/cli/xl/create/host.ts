import { USERDATA_FOLDER } from '../../../xen/builder/userdata';
import type { BuildHost } from '../../../xen/builder/host';
import type { Xl } from '../xl';

/** What a domain is built with on the host that this command runs on. */
export async function buildHost(xl: Xl): Promise<BuildHost> {
  const { hypervisor, xenstore } = await xl.host();
  return {
    kernel: await xl.kernel(),
    hypervisor,
    store: xenstore,
    userdataFolder: USERDATA_FOLDER,
    notice: (line) => xl.io.err(`${line}\n`),
  };
}
