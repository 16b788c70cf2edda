import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { formatJson, formatName, formatSet } from './format';
import type { XenHost } from '../../xen/host/xen-host';
import type { Domain } from '../../xen/host/domain';
import type { Xl } from './xl';

const HEADER = 'Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)\n';

export async function vcpuList(args: readonly string[], xl: Xl): Promise<number> {
  const { values, positionals } = parseXlArguments(
    'vcpu-list',
    args,
    { options: { json: { type: 'boolean' } } },
    xl.io,
  );
  const host = await xl.host();
  const cpuCount = (await host.hypervisor.host.physInfo()).maxCpuId + 1;
  if (values.json) {
    const domains = positionals.length > 0 ? await chosen(host, positionals) : await host.domains();
    const all = await Promise.all(domains.map((domain) => vcpus(host, domain, cpuCount)));
    xl.io.out(formatJson(all.flat()));
    return 0;
  }
  // As the C tool: the header comes before a name is looked for.
  xl.io.out(HEADER);
  const domains = positionals.length > 0 ? await chosen(host, positionals) : await host.domains();
  for (const domain of domains) {
    for (const vcpu of await vcpus(host, domain, cpuCount)) xl.io.out(line(domain, vcpu, cpuCount));
  }
  return 0;
}

interface Vcpu {
  readonly domain: number;
  readonly vcpu: number;
  readonly isOnline: boolean;
  readonly isBlocked: boolean;
  readonly isRunning: boolean;
  readonly cpu: number;
  readonly cpuTimeSeconds: number;
  readonly hard: readonly number[];
  readonly soft: readonly number[];
}

async function chosen(host: XenHost, texts: readonly string[]): Promise<Domain[]> {
  const domains: Domain[] = [];
  for (const text of texts) {
    const domain = await host.domain(await findDomainId(host.xenstore, text));
    if (domain !== undefined) domains.push(domain);
  }
  return domains;
}

async function vcpus(host: XenHost, domain: Domain, cpuCount: number): Promise<Vcpu[]> {
  return Promise.all(
    Array.from({ length: domain.vcpuCount }, async (_, vcpu) => {
      const info = await host.hypervisor.vcpus.info(domain.id, vcpu);
      return {
        domain: domain.id,
        vcpu,
        isOnline: info.online !== 0,
        isBlocked: info.blocked !== 0,
        isRunning: info.running !== 0,
        cpu: info.cpu,
        cpuTimeSeconds: Number(info.cpuTimeNs) / 1e9,
        ...(await host.hypervisor.vcpus.affinity(domain.id, vcpu, cpuCount)),
      };
    }),
  );
}

function line(domain: Domain, vcpu: Vcpu, cpuCount: number): string {
  const place = vcpu.isOnline
    ? `${String(vcpu.cpu).padStart(5)}   ${vcpu.isRunning ? 'r' : '-'}${vcpu.isBlocked ? 'b' : '-'}- `
    : '    -   --p ';
  return [
    formatName(domain.name).padEnd(32),
    ` ${String(domain.id).padStart(5)} ${String(vcpu.vcpu).padStart(5)}`,
    place,
    `${vcpu.cpuTimeSeconds.toFixed(1).padStart(9)}  `,
    `${formatSet(vcpu.hard, cpuCount)} / ${formatSet(vcpu.soft, cpuCount)}\n`,
  ].join('');
}
