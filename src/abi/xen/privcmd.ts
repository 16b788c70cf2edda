/** Requests of /dev/xen/privcmd (xen-abi reference 1). */
import { u16, u32, u64 } from '../field';
import { StructLayout } from '../layout';
import { gap } from './gap';

export const PRIVCMD_PATH = '/dev/xen/privcmd';
/** Not on kernels before about 4.18. */
export const HYPERCALL_PAGES_PATH = '/dev/xen/hypercall';

export const PRIVCMD_HYPERCALL = 0x30_5000;
export const PRIVCMD_MMAPBATCH_V2 = 0x20_5004;
export const PRIVCMD_MMAP_RESOURCE = 0x20_5007;

export interface MmapBatch {
  readonly count: number;
  readonly domain: number;
  /** Where the pages are to appear: the address of a mapping of privcmd. */
  readonly address: bigint;
  readonly framesAddress: bigint;
  readonly errorsAddress: bigint;
}

/** `struct privcmd_mmapbatch_v2`: u64 frames, s32 errors. */
export const mmapBatchLayout = new StructLayout<MmapBatch>('privcmd_mmapbatch_v2', [
  u32('count'),
  u16('domain'),
  gap(2),
  u64('address'),
  u64('framesAddress'),
  u64('errorsAddress'),
]);

export const RESOURCE_GRANT_TABLE = 1;

export interface MmapResource {
  readonly domain: number;
  readonly type: number;
  readonly id: number;
  readonly index: number;
  readonly count: bigint;
  readonly address: bigint;
}

/** `struct privcmd_mmap_resource`. */
export const mmapResourceLayout = new StructLayout<MmapResource>('privcmd_mmap_resource', [
  u16('domain'),
  gap(2),
  u32('type'),
  u32('id'),
  u32('index'),
  u64('count'),
  u64('address'),
]);
