import { findDomid } from '../../xen/lifecycle/names';
import { disksOf } from '../../xen/devices/list';
import { parseXlArguments } from './arguments';
import { withXenstore } from './xenstore';
import type { DiskInfo } from '../../xen/devices/list';
import type { XlRun } from './xl';

const HEADER = `Vdev  BE  handle state evt-ch ring-ref BE-path                       `;

/** `xl block-list DOMAIN...`; `--json` is ours. A domain that is not there is said and passed over, as in the C tool. */
export async function blockList(args: readonly string[], { io }: XlRun): Promise<number> {
  const { values, positionals } = parseXlArguments(
    'block-list',
    args,
    { options: { json: { type: 'boolean' } }, minimum: 1 },
    io,
  );
  return withXenstore(io, async (store) => {
    const all: DiskInfo[] = [];
    const isJson = values.json === true;
    if (!isJson) io.out(`${HEADER}\n`);
    for (const name of positionals) {
      const domid = await findDomid(store, name);
      if (domid === undefined) {
        io.err(`${name} is an invalid domain identifier\n`);
        continue;
      }
      const disks = await disksOf(store, domid);
      if (isJson) all.push(...disks);
      else io.out(disks.map((disk) => `${line(disk)}\n`).join(''));
    }
    if (isJson) io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  });
}

function line(disk: DiskInfo): string {
  const { devid, backendDomid, domid, state, eventChannel, ring } = disk;
  const columns = [devid, backendDomid, domid, state, eventChannel, ring];
  const widths = [5, 3, 6, 5, 6, 8];
  return [...columns.map((value, index) => String(value).padEnd(widths[index] ?? 0)), disk.backendPath.padEnd(30)].join(
    ' ',
  );
}
