import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { formatName } from './format';
import type { XenHost } from '../../xen/host/xen-host';
import type { Xl } from './xl';

const OPTIONS = { short: { type: 'boolean', short: 's' } } as const;

export async function uptime(args: readonly string[], xl: Xl): Promise<number> {
  const { values, positionals } = parseXlArguments('uptime', args, { options: OPTIONS }, xl.io);
  const host = await xl.host();
  const ids =
    positionals.length > 0
      ? await Promise.all(positionals.map((text) => findDomainId(host.xenstore, text)))
      : (await host.domains()).map(({ id }) => id);
  const kernel = await xl.kernel();
  const now = new Date();
  if (!values.short) xl.io.out('Name                                ID Uptime\n');
  for (const id of ids) {
    const name = formatName(await host.domainName(id));
    const seconds = await uptimeSeconds(host, kernel, id, now);
    xl.io.out(
      values.short
        ? ` ${now.toTimeString().slice(0, 8)} up ${duration(seconds, false)}, ${name} (${id})\n`
        : `${name.padEnd(32)} ${String(id).padStart(5)} ${duration(seconds, true)}\n`,
    );
  }
  return 0;
}

/** dom0 is as old as its kernel; of others, the toolstack wrote down when it made them. */
async function uptimeSeconds(
  host: XenHost,
  kernel: Awaited<ReturnType<Xl['kernel']>>,
  id: number,
  now: Date,
): Promise<number> {
  if (id === 0) return Math.floor(Number.parseFloat(Buffer.from(await kernel.readFile('/proc/uptime')).toString()));
  const vm = await host.xenstore.readIfThere(`/local/domain/${id}/vm`);
  const started = vm === undefined ? undefined : await host.xenstore.readIfThere(`${vm}/start_time`);
  return started === undefined ? 0 : Math.max(Math.floor(now.getTime() / 1000) - Number.parseInt(started, 10), 0);
}

function duration(seconds: number, withSeconds: boolean): string {
  const days = Math.floor(seconds / 86_400);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = String(Math.floor((seconds % 86_400) / 3600)).padStart(2);
  const minutes = two(Math.floor((seconds % 3600) / 60));
  const prefix = days === 0 ? '' : `${days} day${days > 1 ? 's' : ''}, `;
  return `${prefix}${hours}:${minutes}${withSeconds ? `:${two(seconds % 60)}` : ''}`;
}
