import { CellvisorError } from '../../errors';
import { parseVifSpec, XlConfigError } from '../../xen/config';
import { addDevice, nextDeviceId } from '../../xen/devices/add';
import { planVif } from '../../xen/devices/vif';
import { checkDomain } from '../../xen/lifecycle/request';
import { reportError } from '../report';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTfN] network-attach <Domain> [type=<type>] [mac=<mac>] [bridge=<bridge>] [ip=<ip>] [script=<script>] [backend=<BackDomain>] [vifname=<name>] [rate=<rate>] [model=<model>] [accel=<accel>] [mtu=<mtu>]

Create a new virtual network device.

`;

/** `xl network-attach DOMAIN [KEY=VALUE...]`: in words of their own, or joined by commas as in a configuration. */
export function networkAttach(args: readonly string[], io: CommandIo): Promise<number> | number {
  const options = parseOptions(args, { command: 'network-attach', letters: '', minOperands: 1, usage: USAGE }, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store) => {
    const [name = '', ...words] = options.operands;
    const domid = await lookUpDomain(store, name, io);
    if (domid === undefined) return EXIT_FAILURE;
    try {
      let isWrong = false;
      const vif = parseVifSpec(words.join(','), 0, 'command line', (warning) => {
        isWrong = true;
        io.err(`${warning}\n`);
      });
      if (isWrong) return EXIT_FAILURE;
      const backend = vif.backendDomain === undefined ? 0 : await lookUpDomain(store, vif.backendDomain, io);
      if (backend === undefined) return EXIT_FAILURE;
      await checkDomain(store, domid);
      await addDevice(store, async (nodes) => {
        const deviceId = await nextDeviceId(nodes, domid, 'vif');
        return planVif(domid, { ...vif, deviceId }, backend);
      });
      return 0;
    } catch (error) {
      if (!(error instanceof CellvisorError)) throw error;
      reportError(error, io);
      if (!(error instanceof XlConfigError)) io.err('libxl_device_nic_add failed.\n');
      return EXIT_FAILURE;
    }
  });
}
