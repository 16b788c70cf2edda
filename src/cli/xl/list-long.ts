import type { CommandIo } from '../command';
import type { Domain } from '../../xen/host/domain';
import type { XenHost } from '../../xen/host/xen-host';

type Json = Readonly<Record<string, unknown>>;

/** `xl list -l`: the configuration that was kept when the domain was made, with what Xen says now. */
export async function printLong(host: XenHost, domains: readonly Domain[], io: CommandIo): Promise<number> {
  const entries = await Promise.all(domains.map((domain) => entry(host, domain)));
  io.out(`${formatLong(entries)}\n`);
  return 0;
}

async function entry(host: XenHost, domain: Domain): Promise<Json> {
  const { keptConfig } = await import('../../xen/host/kept-config');
  return { domid: domain.id, config: (await keptConfig(domain)) ?? (await observed(host, domain)) };
}

/** Of a domain that no configuration was kept of, as dom0. */
async function observed(host: XenHost, domain: Domain): Promise<Json> {
  const { hypervisor, xenstore } = host;
  const target = Number((await xenstore.readIfThere(`/local/domain/${domain.id}/memory/target`)) ?? 0);
  const staticMax = await xenstore.readIfThere(`/local/domain/${domain.id}/memory/static-max`);
  const pool = await hypervisor.cpupools.info(domain.cpupool);
  const scheduler = pool?.scheduler;
  return {
    c_info: { type: 'pvh', name: domain.name ?? '' },
    b_info: {
      max_memkb: Number(staticMax ?? domain.maxMemoryKib),
      target_memkb: target,
      ...((scheduler === 'credit' || scheduler === 'credit2') && {
        sched_params: { sched: scheduler, ...(await hypervisor.schedulers.credit(domain.id, scheduler)) },
      }),
      'type.pvh': {},
      arch_arm: {},
      arch_x86: {},
    },
  };
}

/** As the C tool's JSON library lays it out: four spaces, and an empty object on three lines. */
function formatLong(value: unknown): string {
  return JSON.stringify(value, undefined, 4).replace(/^( *)(.*)\{\}(,?)$/gm, '$1$2{\n\n$1}$3');
}
