import { printLibxlJson } from '../../xen/config/libxl-json';
import type { CommandIo } from '../command';
import type { Domain } from '../../xen/host/domain';
import type { XenHost } from '../../xen/host/xen-host';

type Json = Readonly<Record<string, unknown>>;

/** `xl list -l`: the configuration that was kept when the domain was made, with what Xen says now. */
export async function printLong(host: XenHost, domains: readonly Domain[], io: CommandIo): Promise<number> {
  const entries = await Promise.all(domains.map((domain) => entry(host, domain)));
  io.out(`${printLibxlJson(entries)}\n\n`);
  return 0;
}

async function entry(host: XenHost, domain: Domain): Promise<Json> {
  const { keptConfig } = await import('../../xen/host/kept-config');
  const kept = (await keptConfig(domain)) ?? { b_info: { 'type.pvh': {}, arch_arm: {}, arch_x86: {} } };
  const build = ordered({ ...(kept['b_info'] as Json), ...(await observed(host, domain)) });
  const { type = 'pvh', ...more } = (kept['c_info'] ?? {}) as Json;
  const creation: Json = Object.assign({ type, name: '' }, more, { name: domain.name ?? '' });
  return { domid: domain.id, config: { ...kept, c_info: creation, b_info: build } };
}

/** What may have changed since, or that is not kept, as of dom0. */
async function observed(host: XenHost, domain: Domain): Promise<Json> {
  const { hypervisor, xenstore } = host;
  const node = async (name: string) => {
    const text = await xenstore.readIfThere(`/local/domain/${domain.id}/memory/${name}`);
    return text === undefined ? undefined : Number(text);
  };
  const scheduler = (await hypervisor.cpupools.info(domain.cpupool))?.scheduler;
  return {
    max_memkb: (await node('static-max')) ?? domain.maxMemoryKib,
    // The C library counts -1 where there is no node, as of dom0.
    target_memkb: ((await node('target')) ?? domain.memoryKib) + ((await node('videoram')) ?? -1),
    ...((scheduler === 'credit' || scheduler === 'credit2') && {
      sched_params: { sched: scheduler, ...(await hypervisor.schedulers.credit(domain.id, scheduler)) },
    }),
  };
}

/** The C library's order of what may be added to what was kept. */
const FIRST = ['max_vcpus', 'avail_vcpus', 'max_memkb', 'target_memkb', 'video_memkb', 'sched_params'];

function ordered(build: Json): Json {
  const first = FIRST.filter((name) => name in build).map((name) => [name, build[name]]);
  return { ...(Object.fromEntries(first) as Json), ...build };
}
