import { decodeBits, encodeBits } from '../../abi/xen/bitmap';
import { decodeDomctl } from '../../abi/xen/domctl/command';
import * as abi from '../../abi/xen/domctl/vcpu';
import { getNodeAffinity, setNodeAffinity } from '../../abi/xen/domctl/domain';
import type { HypercallPort } from './port';

/** Which CPUs a vCPU may run on, and which it prefers. */
export interface Affinity {
  readonly hard: readonly number[];
  readonly soft: readonly number[];
}

/** vCPUs of a domain. */
export class Vcpus {
  constructor(private readonly port: HypercallPort) {}

  /** Makes the vCPUs. In releases whose creation has the limit, the number must be the same. */
  async setMax(domain: number, count: number): Promise<void> {
    await this.port.domctl(abi.maxVcpus, domain, { max: count });
  }

  async info(domain: number, vcpu: number): Promise<abi.VcpuInfo> {
    return decodeDomctl(abi.getVcpuInfo.layout, await this.port.domctl(abi.getVcpuInfo, domain, { vcpu }));
  }

  /** Registers that are not given are zero. */
  async setContext(domain: number, vcpu: number, context: abi.VcpuContext): Promise<void> {
    const bytes = this.port.dialect.vcpuContext.encode(context);
    await this.port.domctl(abi.setVcpuContext, domain, { vcpu }, { contextAddress: bytes });
  }

  async context(domain: number, vcpu: number): Promise<abi.VcpuContext> {
    const layout = this.port.dialect.vcpuContext;
    const bytes = new Uint8Array(layout.sizeBytes);
    await this.port.domctl(abi.getVcpuContext, domain, { vcpu }, { contextAddress: bytes });
    return layout.decode(bytes);
  }

  /** @param cpuCount how many CPUs the host could have: Xen's map has a bit for each */
  async affinity(domain: number, vcpu: number, cpuCount: number): Promise<Affinity> {
    const maps = { hard: encodeBits([], cpuCount), soft: encodeBits([], cpuCount) };
    await this.affinityCall(abi.getVcpuAffinity, domain, vcpu, cpuCount, maps, 0);
    return { hard: decodeBits(maps.hard), soft: decodeBits(maps.soft) };
  }

  /**
   * Sets what is given.
   *
   * @returns what is in effect now: Xen leaves CPUs out that are not there, or not in the domain's pool
   * @throws KernelError EINVAL when no CPU is left, EBUSY while another pin is in force
   */
  async setAffinity(
    domain: number,
    vcpu: number,
    affinity: Partial<Affinity>,
    options: { readonly cpuCount: number; readonly isForced?: boolean },
  ): Promise<Affinity> {
    const { cpuCount, isForced = false } = options;
    const maps = {
      hard: encodeBits(affinity.hard ?? [], cpuCount),
      soft: encodeBits(affinity.soft ?? [], cpuCount),
    };
    const flags =
      (affinity.hard ? abi.AFFINITY_HARD : 0) |
      (affinity.soft ? abi.AFFINITY_SOFT : 0) |
      (isForced ? abi.AFFINITY_FORCE : 0);
    await this.affinityCall(abi.setVcpuAffinity, domain, vcpu, cpuCount, maps, flags);
    return { hard: decodeBits(maps.hard), soft: decodeBits(maps.soft) };
  }

  async nodeAffinity(domain: number, nodeCount: number): Promise<number[]> {
    const map = encodeBits([], nodeCount);
    const nodes = { address: 0n, bitCount: nodeCount };
    await this.port.domctl(getNodeAffinity, domain, { nodes }, { 'nodes.address': map });
    return decodeBits(map);
  }

  async setNodeAffinity(domain: number, nodes: readonly number[], nodeCount: number): Promise<void> {
    const map = encodeBits(nodes, nodeCount);
    const handle = { address: 0n, bitCount: nodeCount };
    await this.port.domctl(setNodeAffinity, domain, { nodes: handle }, { 'nodes.address': map });
  }

  private async affinityCall(
    command: typeof abi.setVcpuAffinity,
    domain: number,
    vcpu: number,
    bitCount: number,
    maps: { readonly hard: Uint8Array; readonly soft: Uint8Array },
    setFlags: number,
  ): Promise<void> {
    const flags = setFlags || abi.AFFINITY_HARD | abi.AFFINITY_SOFT;
    const handle = { address: 0n, bitCount };
    await this.port.domctl(
      command,
      domain,
      { vcpu, flags, hard: handle, soft: handle },
      { 'hard.address': maps.hard, 'soft.address': maps.soft },
    );
  }
}
