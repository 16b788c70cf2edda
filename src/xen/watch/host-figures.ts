import type { XenHost } from '../host/xen-host';

/** A machine under Xen: what its domains share. */
export interface HostFigures {
  readonly cpuCount: number;
  readonly cpuKhz: number;
  readonly memoryKib: number;
  readonly freeKib: number;
}

const KIB_PER_PAGE = 4n;

/** Throws KernelError. */
export async function hostFigures({ hypervisor }: Pick<XenHost, 'hypervisor'>): Promise<HostFigures> {
  const { cpuCount, cpuKhz, totalPages, freePages, scrubPages } = await hypervisor.host.physInfo();
  return {
    cpuCount,
    cpuKhz,
    memoryKib: Number(totalPages * KIB_PER_PAGE),
    // Pages that wait to be scrubbed are nobody's.
    freeKib: Number((freePages + scrubPages) * KIB_PER_PAGE),
  };
}
