import { KernelError } from '../errors';
import { named, parseCpuList, readLine, SYSFS_CELLS } from './sysfs';
import type { Kernel } from '../kernel/kernel';

/** What sysfs said of a cell at one moment. */
export interface Cell {
  readonly id: number;
  readonly name: string;
  /** `running`, `running/locked`, `shut down`, `failed`, `Comm ABI mismatch` or `invalid`. */
  readonly state: string;
  /** Linux logical numbers, ascending. */
  readonly assignedCpus: readonly number[];
  readonly failedCpus: readonly number[];
}

/**
 * Ids of the cells that exist, in the order in which the C tool lists them: that of their numbers as text (0, 1, 10, 2).
 * Empty when Jailhouse is not enabled, and when its driver is not loaded.
 */
export async function readCellIds(kernel: Kernel): Promise<number[]> {
  const names = await named('scandir', kernel.readDirectory(SYSFS_CELLS)).catch((error: unknown) => {
    if (error instanceof KernelError && error.errno === 'ENOENT') {
      return [];
    }
    throw error;
  });
  return names
    .filter((name) => /^\d+$/.test(name))
    .sort()
    .map(Number);
}

/** What sysfs has of a cell beside its counters: the argument of {@link cellOf} has their lines in this order. */
export function cellFiles(id: number): readonly [string, string, string, string] {
  const folder = `${SYSFS_CELLS}/${id}`;
  return [`${folder}/name`, `${folder}/state`, `${folder}/cpus_assigned_list`, `${folder}/cpus_failed_list`];
}

/** @throws KernelError `opening PATH` when the cell is gone meanwhile */
export async function readCell(kernel: Kernel, id: number): Promise<Cell> {
  const [name, state, assigned, failed] = cellFiles(id);
  const read = (path: string) => readLine(kernel, path);
  return cellOf(id, await Promise.all([read(name), read(state), read(assigned), read(failed)]));
}

/** @param lines of {@link cellFiles} */
export function cellOf(id: number, lines: readonly [string, string, string, string]): Cell {
  const [name, state, assigned, failed] = lines;
  return { id, name, state, assignedCpus: parseCpuList(assigned), failedCpus: parseCpuList(failed) };
}
