import { parseVifSpec } from '../../xen/config';
import { addDevice, nextDeviceId } from '../../xen/devices/add';
import { planVif } from '../../xen/devices/vif';
import { checkDomain } from '../../xen/lifecycle/request';
import { parseXlArguments } from './arguments';
import { reportAttachFailure } from './attach-failure';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { XlRun } from './xl';

/** `xl network-attach DOMAIN [KEY=VALUE...]`: in words of their own, or joined by commas as in a configuration. */
export async function networkAttach(args: readonly string[], { io }: XlRun): Promise<number> {
  const { positionals } = parseXlArguments('network-attach', args, { options: {}, minimum: 1 }, io);
  return withXenstore(io, async (store) => {
    const [name = '', ...words] = positionals;
    const domid = await findDomainId(store, name);
    try {
      let isWrong = false;
      const vif = parseVifSpec(words.join(','), 0, 'command line', (warning) => {
        isWrong = true;
        io.err(`${warning}\n`);
      });
      if (isWrong) return EXIT_FAILURE;
      const backend = vif.backendDomain === undefined ? 0 : await findDomainId(store, vif.backendDomain);
      await checkDomain(store, domid);
      await addDevice(store, async (nodes) => {
        const deviceId = await nextDeviceId(nodes, domid, 'vif');
        return planVif(domid, { ...vif, deviceId }, backend);
      });
      return 0;
    } catch (error) {
      return reportAttachFailure(error, 'libxl_device_nic_add', io);
    }
  });
}
