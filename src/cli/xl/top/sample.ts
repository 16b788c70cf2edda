import { DomainSampler } from '../../../xen/watch/domain-sampler';
import { deviceCounters } from '../../../xen/watch/device-counters';
import { hostFigures } from '../../../xen/watch/host-figures';
import { KernelError } from '../../../errors';
import type { Kernel } from '../../../kernel/kernel';
import type { Domain } from '../../../xen/host/domain';
import type { XenHost } from '../../../xen/host/xen-host';
import type { DeviceCounters } from '../../../xen/watch/device-counters';
import type { SampledDomains } from '../../../xen/watch/domain-sampler';
import type { HostFigures } from '../../../xen/watch/host-figures';

/** A host of Xen at one moment: everything that `xl top` can show. */
export interface TopSample extends SampledDomains, HostFigures {
  /** Such as `4.17.3`. */
  readonly version: string;
  readonly devices: DeviceCounters;
  /** CPU time in seconds of each vCPU that is online, by its number, by domain's id. Empty unless it was asked for. */
  readonly vcpuSeconds: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

const NANOSECONDS = 1e9;

/** Samples for `xl top`, one after the other. */
export class TopSampler {
  private readonly domains: DomainSampler;

  constructor(
    private readonly host: XenHost,
    private readonly kernel: Kernel,
    private readonly version: string,
  ) {
    this.domains = new DomainSampler(host);
  }

  static async of(host: XenHost, kernel: Kernel): Promise<TopSampler> {
    const { version } = host.hypervisor;
    const [{ major, minor }, extra] = await Promise.all([version.number(), version.extra()]);
    return new TopSampler(host, kernel, `${major}.${minor}${extra}`);
  }

  /** @param wantsVcpus a hypercall more for each vCPU. @throws KernelError */
  async sample(wantsVcpus: boolean): Promise<TopSample> {
    const [domains, figures, devices] = await Promise.all([
      this.domains.sample(),
      hostFigures(this.host),
      deviceCounters(this.kernel),
    ]);
    const vcpus = wantsVcpus ? domains.domains.map(async (one) => [one.id, await this.vcpuSeconds(one)] as const) : [];
    return {
      ...domains,
      ...figures,
      version: this.version,
      devices,
      vcpuSeconds: new Map(await Promise.all(vcpus)),
    };
  }

  private async vcpuSeconds({ id, vcpuCount }: Domain): Promise<Map<number, number>> {
    const seconds = new Map<number, number>();
    try {
      for (let vcpu = 0; vcpu < vcpuCount; vcpu++) {
        const { online, cpuTimeNs } = await this.host.hypervisor.vcpus.info(id, vcpu);
        if (online) seconds.set(vcpu, Number(cpuTimeNs) / NANOSECONDS);
      }
    } catch (error) {
      // A domain that goes meanwhile.
      if (!(error instanceof KernelError) || error.errno !== 'ESRCH') throw error;
    }
    return seconds;
  }
}
