import { findVif } from '../../xen/devices/list';
import { removeDevice } from '../../xen/devices/remove';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] network-detach <Domain> <DevId|mac>

Destroy a domain's virtual network device.

`;

/** `xl network-detach DOMAIN HANDLE-OR-MAC` */
export function networkDetach(args: readonly string[], io: CommandIo): Promise<number> | number {
  const options = parseOptions(args, { command: 'network-detach', letters: '', minOperands: 2, usage: USAGE }, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store) => {
    const [name = '', which = ''] = options.operands;
    const domid = await lookUpDomain(store, name, io);
    if (domid === undefined) return EXIT_FAILURE;
    const vif = await findVif(store, domid, which);
    if (vif === undefined) {
      io.err(`Unknown device ${which}.\n`);
      return EXIT_FAILURE;
    }
    for (const problem of await removeDevice(store, vif)) io.err(`${problem}\n`);
    return 0;
  });
}
