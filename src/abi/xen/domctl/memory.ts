/** Domctls about a domain's memory (xen-abi reference 5). */
import { u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { gap } from '../gap';
import type { DomctlCommand } from './command';

export const maxMemory: DomctlCommand<{ maxKib: bigint }> = {
  name: 'max_mem',
  number: 11,
  layout: new StructLayout('xen_domctl_max_mem', [u64('maxKib')]),
};

export interface IomemPermission {
  readonly firstFrame: bigint;
  readonly frameCount: bigint;
  readonly isAllowed: number;
}

export const iomemPermission: DomctlCommand<IomemPermission> = {
  name: 'iomem_permission',
  number: 20,
  layout: new StructLayout('xen_domctl_iomem_permission', [
    u64('firstFrame'),
    u64('frameCount'),
    u8('isAllowed'),
    gap(7),
  ]),
};

export interface MemoryMapping {
  readonly firstGuestFrame: bigint;
  readonly firstFrame: bigint;
  readonly frameCount: bigint;
  /** 1 maps, 0 unmaps. */
  readonly isAdded: number;
}

export const memoryMapping: DomctlCommand<MemoryMapping> = {
  name: 'memory_mapping',
  number: 39,
  layout: new StructLayout('xen_domctl_memory_mapping', [
    u64('firstGuestFrame'),
    u64('firstFrame'),
    u64('frameCount'),
    u32('isAdded'),
    gap(4),
  ]),
};

export const cacheFlush: DomctlCommand<{ firstFrame: bigint; frameCount: bigint }> = {
  name: 'cacheflush',
  number: 71,
  layout: new StructLayout('xen_domctl_cacheflush', [u64('firstFrame'), u64('frameCount')]),
};

const pagingPool = new StructLayout<{ sizeBytes: bigint }>('xen_domctl_paging_mempool', [u64('sizeBytes')]);

export const getPagingPool: DomctlCommand<{ sizeBytes: bigint }> & { readonly layout: typeof pagingPool } = {
  name: 'get_paging_mempool_size',
  number: 85,
  layout: pagingPool,
};
export const setPagingPool: DomctlCommand<{ sizeBytes: bigint }> = {
  name: 'set_paging_mempool_size',
  number: 86,
  layout: pagingPool,
};

export const SHADOW_SET_ALLOCATION = 31;

export interface ShadowOperation {
  readonly operation: number;
  readonly mebibytes: number;
}

/** On Arm, the pool of page tables before 4.17, in releases that got it with the security updates of October 2022 (XSA-409). */
export const shadow: DomctlCommand<ShadowOperation> = {
  name: 'shadow_op',
  number: 10,
  layout: new StructLayout('xen_domctl_shadow_op', [u32('operation'), gap(4), u32('mebibytes'), gap(28)]),
};
