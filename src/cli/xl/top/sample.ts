import { DomainSampler } from '../../../xen/watch/domain-sampler';
import { deviceCounters } from '../../../xen/watch/device-counters';
import { KernelError } from '../../../errors';
import type { Kernel } from '../../../kernel/kernel';
import type { Domain } from '../../../xen/host/domain';
import type { XenHost } from '../../../xen/host/xen-host';
import type { DeviceCounters } from '../../../xen/watch/device-counters';
import type { SampledDomains } from '../../../xen/watch/domain-sampler';

/** A host of Xen at one moment: everything that `xl top` can show. */
export interface TopSample extends SampledDomains {
  /** Such as `4.17.3`. */
  readonly version: string;
  readonly cpuCount: number;
  readonly cpuKhz: number;
  readonly memoryKib: number;
  readonly freeKib: number;
  readonly devices: DeviceCounters;
  /** CPU time in seconds of each vCPU that is online, by its number, by domain's id. Empty unless it was asked for. */
  readonly vcpuSeconds: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

const KIB_PER_PAGE = 4n;
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
    const [domains, physical, devices] = await Promise.all([
      this.domains.sample(),
      this.host.hypervisor.host.physInfo(),
      deviceCounters(this.kernel),
    ]);
    const vcpus = wantsVcpus ? domains.domains.map(async (one) => [one.id, await this.vcpuSeconds(one)] as const) : [];
    return {
      ...domains,
      version: this.version,
      cpuCount: physical.cpuCount,
      cpuKhz: physical.cpuKhz,
      memoryKib: Number(physical.totalPages * KIB_PER_PAGE),
      // Pages that wait to be scrubbed are nobody's.
      freeKib: Number((physical.freePages + physical.scrubPages) * KIB_PER_PAGE),
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
