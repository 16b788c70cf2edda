import { vifsOf } from '../../xen/devices/list';
import { EXIT_FAILURE, parseOptions } from './getopt';
import { lookUpDomain, withXenstore } from './xenstore';
import type { VifInfo } from '../../xen/devices/list';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtT] network-list <Domain(s)>

List virtual network interfaces for a domain.

`;
const HEADER = `Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path                       `;

/** `xl network-list DOMAIN...`; `--json` is ours. */
export function networkList(args: readonly string[], io: CommandIo): Promise<number> | number {
  const table = { command: 'network-list', letters: '', longNames: { json: 'json' }, minOperands: 1, usage: USAGE };
  const options = parseOptions(args, table, io);
  if (typeof options === 'number') return options;
  return withXenstore(io, async (store) => {
    const all: (VifInfo & { domid: number })[] = [];
    const isJson = options.has('json');
    if (!isJson) io.out(`${HEADER}\n`);
    for (const name of options.operands) {
      const domid = await lookUpDomain(store, name, io);
      if (domid === undefined) return EXIT_FAILURE;
      const vifs = await vifsOf(store, domid);
      if (isJson) all.push(...vifs.map((vif) => ({ domid, ...vif })));
      else io.out(vifs.map((vif) => `${line(vif)}\n`).join(''));
    }
    if (isJson) io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  });
}

function line(vif: VifInfo): string {
  const rings = `${String(vif.txRing).padStart(5)}/${String(vif.rxRing).padEnd(11)}`;
  const [devid, backend] = [String(vif.devid).padEnd(3), String(vif.backendDomid).padEnd(2)];
  const numbers = `${String(vif.handle).padStart(5)} ${String(vif.state).padStart(5)} ${String(vif.eventChannel).padStart(6)}`;
  return `${devid} ${backend} ${vif.mac} ${numbers} ${rings} ${vif.backendPath.padEnd(30)}`;
}
