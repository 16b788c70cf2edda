/** What the dashboard needs of Xen: a part, loaded only where Xen is. */
import { openConsole } from '../../xen/console/console';
import { XenHost } from '../../xen/host/xen-host';
import { destroyDomain } from '../../xen/lifecycle/destroy';
import { requestShutdown } from '../../xen/lifecycle/request';
import { DomainSampler } from '../../xen/watch/domain-sampler';
import { hostFigures } from '../../xen/watch/host-figures';
import { DOMAIN_0 } from '../model/domain';
import type { Kernel } from '../../kernel/kernel';
import type { DomainHand } from '../model/hand';
import type { DomainConsole, XenSample, XenSource } from '../source';

/** @throws CellvisorError as {@link XenHost.open} */
export async function connectXen(kernel: Kernel): Promise<XenSource> {
  const host = await XenHost.open(kernel);
  try {
    const { major, minor } = await host.hypervisor.version.number();
    return new HostSource(kernel, host, new DomainSampler(host), `${major}.${minor}`);
  } catch (error) {
    await host.close();
    throw error;
  }
}

class HostSource implements XenSource {
  constructor(
    private readonly kernel: Kernel,
    private readonly host: XenHost,
    private readonly sampler: DomainSampler,
    private readonly version: string,
  ) {}

  async sample(): Promise<XenSample> {
    const [domains, figures] = await Promise.all([this.sampler.sample(), hostFigures(this.host)]);
    return { ...domains, ...figures, version: this.version };
  }

  async console(domain: number, signal: AbortSignal): Promise<DomainConsole> {
    if (domain !== DOMAIN_0) return openConsole(this.kernel, this.host.xenstore, domain, { signal });
    const { host } = this;
    return {
      async *[Symbol.asyncIterator]() {
        for await (const text of host.console({ signal })) yield new TextEncoder().encode(text);
      },
    };
  }

  async perform({ action, domains }: DomainHand): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const { id } of domains) problems.push(...(await this.performOn(id, action)));
    return problems;
  }

  async close(): Promise<void> {
    await this.host.close();
  }

  private async performOn(id: number, action: DomainHand['action']): Promise<readonly string[]> {
    const { hypervisor, xenstore } = this.host;
    switch (action) {
      case 'pause':
      case 'unpause':
        await hypervisor.domains[action](id);
        return [];
      case 'shutdown':
      case 'reboot':
        await requestShutdown(xenstore, id, action === 'reboot' ? 'reboot' : 'poweroff');
        return [];
      case 'destroy':
        return destroyDomain(xenstore, hypervisor.domains, id);
    }
  }
}
