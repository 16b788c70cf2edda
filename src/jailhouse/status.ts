import { KernelError } from '../errors';
import { readLine, SYSFS_ROOT } from './sysfs';
import type { Kernel } from '../kernel/kernel';

/** Pages of 4 KiB. */
export interface PagePool {
  readonly sizePages: number;
  readonly usedPages: number;
}

export interface Status {
  /** Whether the driver is loaded. */
  readonly present: boolean;
  readonly enabled: boolean;
  /** Of the driver, such as `v0.10`. */
  readonly version: string | undefined;
  /** The hypervisor's own memory. All 0 while it is not enabled. */
  readonly memPool: PagePool;
  /** Its address space for mappings. */
  readonly remapPool: PagePool;
}

export async function readStatus(kernel: Kernel): Promise<Status> {
  const read = (path: string) => readLine(kernel, path).catch(absent);
  const pool = async (name: string): Promise<PagePool> => ({
    sizePages: Number((await read(`${SYSFS_ROOT}/${name}_pool_size`)) ?? 0),
    usedPages: Number((await read(`${SYSFS_ROOT}/${name}_pool_used`)) ?? 0),
  });
  const [enabled, version, memPool, remapPool] = await Promise.all([
    read(`${SYSFS_ROOT}/enabled`),
    read('/sys/module/jailhouse/version'),
    pool('mem'),
    pool('remap'),
  ]);
  return { present: enabled !== undefined, enabled: enabled === '1', version, memPool, remapPool };
}

function absent(error: unknown): undefined {
  if (!(error instanceof KernelError)) {
    throw error;
  }
}
