import { CALLBACK_IRQ_PPI } from '../../../abi/xen/hvm';
import { resolveCpuMask, vcpuMasks } from '../../config';
import type { CpuTopology, DomainConfig, VcpuMasks } from '../../config';
import type { Hypervisor } from '../../hypervisor/hypervisor';

/** Room for what Xen accounts to a domain beside its RAM. */
const SLACK_KIB = 1024;
const PAGE_BYTES = 4096;

/** vCPUs, where they run, and how much memory there may be (xen-abi reference 11, steps 4 to 9). */
export async function setLimits(
  { vcpus, memory, domains }: Hypervisor,
  domid: number,
  config: DomainConfig,
  topology: CpuTopology,
  bits: 32 | 64,
): Promise<void> {
  const vcpuCount = config.maxVcpus ?? 1;
  await vcpus.setMax(domid, vcpuCount);
  for (const { vcpu, ...affinity } of affinities(config, vcpuCount, topology)) {
    await vcpus.setAffinity(domid, vcpu, affinity, { cpuCount: topology.cpuCount });
  }
  await memory.setMax(domid, maxMemoryKiB(config) + SLACK_KIB);
  await memory.setPagingPoolBytes(domid, pagingPoolBytes(vcpuCount, maxMemoryKiB(config)));
  await domains.setParam(domid, 'callbackIrq', CALLBACK_IRQ_PPI);
  await domains.setAddressBits(domid, bits);
}

export function maxMemoryKiB({ memoryKiB = 0, maxMemoryKiB: max = memoryKiB }: DomainConfig): number {
  return max;
}

/** For the page tables of the domain: 256 pages a vCPU, and 2 a MiB (xen-abi reference 11, step 8). */
export function pagingPoolBytes(vcpuCount: number, memoryKiB: number): bigint {
  return BigInt(PAGE_BYTES * (256 * vcpuCount + 2 * Math.ceil(memoryKiB / 1024)));
}

/** What all that comes to in the host's memory, in bytes. */
export function neededBytes(config: DomainConfig): bigint {
  const kib = (config.memoryKiB ?? 0) + SLACK_KIB;
  return BigInt(kib) * 1024n + pagingPoolBytes(config.maxVcpus ?? 1, maxMemoryKiB(config));
}

interface VcpuAffinity {
  readonly vcpu: number;
  readonly hard?: readonly number[];
  readonly soft?: readonly number[];
}

export function affinities(config: DomainConfig, vcpuCount: number, topology: CpuTopology): VcpuAffinity[] {
  const resolve = (masks: VcpuMasks | undefined) =>
    masks ? vcpuMasks(masks, vcpuCount).map((mask) => resolveCpuMask(mask, topology)) : [];
  const [hard, soft] = [resolve(config.hardAffinity), resolve(config.softAffinity)];
  return Array.from({ length: Math.max(hard.length, soft.length) }, (_, vcpu) => {
    return { vcpu, ...(hard[vcpu] && { hard: hard[vcpu] }), ...(soft[vcpu] && { soft: soft[vcpu] }) };
  });
}
