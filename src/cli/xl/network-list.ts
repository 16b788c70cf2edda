import { vifsOf } from '../../xen/devices/list';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { withXenstore } from './xenstore';
import type { VifInfo } from '../../xen/devices/list';
import type { XlRun } from './xl';

const HEADER = `Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path                       `;

/** `xl network-list DOMAIN...`; `--json` is ours. */
export async function networkList(args: readonly string[], { io }: XlRun): Promise<number> {
  const { values, positionals } = parseXlArguments(
    'network-list',
    args,
    { options: { json: { type: 'boolean' } }, minimum: 1 },
    io,
  );
  return withXenstore(io, async (store) => {
    const all: (VifInfo & { domid: number })[] = [];
    const isJson = values.json === true;
    if (!isJson) io.out(`${HEADER}\n`);
    for (const name of positionals) {
      const domid = await findDomainId(store, name);
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
