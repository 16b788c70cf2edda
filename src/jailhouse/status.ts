import { KernelError } from '../errors';
import { lineOf, SYSFS_ROOT } from './sysfs';
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

/** What a status is made of: the argument of {@link statusOf} has their lines in this order. */
export const STATUS_FILES = [
  `${SYSFS_ROOT}/enabled`,
  '/sys/module/jailhouse/version',
  `${SYSFS_ROOT}/mem_pool_size`,
  `${SYSFS_ROOT}/mem_pool_used`,
  `${SYSFS_ROOT}/remap_pool_size`,
  `${SYSFS_ROOT}/remap_pool_used`,
];

/** Where a file cannot be read, what it says is taken as absent. */
export async function readStatus(kernel: Kernel): Promise<Status> {
  const contents = await kernel.readFiles(STATUS_FILES);
  return statusOf(contents.map((content) => (content instanceof KernelError ? undefined : lineOf(content))));
}

/** @param lines of {@link STATUS_FILES}, undefined for what is not there */
export function statusOf(lines: readonly (string | undefined)[]): Status {
  const [enabled, version, memSize, memUsed, remapSize, remapUsed] = lines;
  const pool = (size = '0', used = '0'): PagePool => ({ sizePages: Number(size), usedPages: Number(used) });
  return {
    present: enabled !== undefined,
    enabled: enabled === '1',
    version,
    memPool: pool(memSize, memUsed),
    remapPool: pool(remapSize, remapUsed),
  };
}
