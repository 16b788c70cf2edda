import { KernelError } from '../errors';
import { named, readLine, SYSFS_CELLS } from './sysfs';
import type { CellSelector } from '../abi/jailhouse/ioctls';
import type { Kernel } from '../kernel/kernel';

/** The file names of counters begin with it. */
export const COUNTER_PREFIX = 'vmexits_';

/** Who is counted: all CPUs of a cell, or one. */
export interface StatsTarget {
  readonly id: number;
  readonly name: string;
}

/** VM exits by reason, since the CPU came to the cell. Keys are the driver's file names, such as `vmexits_mmio`. */
export type Counters = ReadonlyMap<string, number>;

/** @throws KernelError ENOENT `reading stats` when no such cell exists */
export async function findStatsTarget(kernel: Kernel, selector: CellSelector): Promise<StatsTarget> {
  const ids = 'id' in selector ? [`${selector.id}`] : await kernel.readDirectory(SYSFS_CELLS).catch(absent);
  for (const id of ids ?? []) {
    const name = await readLine(kernel, `${SYSFS_CELLS}/${id}/name`).catch(absent);
    if (name !== undefined && ('id' in selector || name === selector.name)) {
      return { id: Number(id), name };
    }
  }
  throw new KernelError('reading stats', 'ENOENT');
}

function absent(error: unknown): undefined {
  if (!(error instanceof KernelError)) {
    throw error;
  }
}

/** CPUs that the driver counts one by one for this cell, ascending. Empty with drivers that only have sums. */
export async function readStatsCpus(kernel: Kernel, id: number): Promise<number[]> {
  const names = await named('reading stats', kernel.readDirectory(`${SYSFS_CELLS}/${id}/statistics`));
  return names
    .flatMap((name) => /^cpu(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** @param cpu absent: the sum over the cell's CPUs */
export async function readCounters(kernel: Kernel, id: number, cpu?: number): Promise<Counters> {
  const folder = `${SYSFS_CELLS}/${id}/statistics${cpu === undefined ? '' : `/cpu${cpu}`}`;
  const files = await named('reading stats', kernel.readDirectory(folder));
  const counters = files.filter((file) => file.startsWith(COUNTER_PREFIX));
  const values = await Promise.all(
    counters.map(async (file) => Number(await named('reading stats', readLine(kernel, `${folder}/${file}`)))),
  );
  return new Map(counters.map((file, index) => [file, values[index] ?? 0]));
}
