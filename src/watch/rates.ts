import type { Counters } from '../jailhouse/stats';
import type { BoardSnapshot, CellSample } from './snapshot';

/** Events per second. Keys are the driver's file names, such as `vmexits_mmio`. */
export type Rates = ReadonlyMap<string, number>;

export interface CellRates {
  readonly sum: Rates;
  /** By Linux logical number. Empty with drivers that only have sums. */
  readonly cpus: ReadonlyMap<number, Rates>;
}

/**
 * VM exits per second between two snapshots of one sampler, by the cell's id. A cell, and a CPU of a cell, that is only in
 * one of them has none yet. A cell of another name under the same id is another cell. A counter that went back began anew:
 * what it has counted since then is all that is known of it.
 */
export function ratesBetween(before: BoardSnapshot, after: BoardSnapshot): ReadonlyMap<number, CellRates> {
  const seconds = (after.clockMs - before.clockMs) / 1000;
  if (seconds <= 0) return new Map();
  return new Map(
    after.cells.flatMap((sample): [number, CellRates][] => {
      const earlier = before.cells.find(({ cell }) => cell.id === sample.cell.id && cell.name === sample.cell.name);
      const rates = earlier && cellRates(earlier, sample, seconds);
      return rates ? [[sample.cell.id, rates]] : [];
    }),
  );
}

function cellRates(before: CellSample, after: CellSample, seconds: number): CellRates | undefined {
  if (!before.counters || !after.counters) return undefined;
  if (after.counters.cpus.size === 0) {
    // A sum falls when a CPU leaves, too: then nothing is known of this interval.
    const isSame = before.cell.assignedCpus.join() === after.cell.assignedCpus.join();
    return isSame ? { sum: rates(before.counters.sum, after.counters.sum, seconds), cpus: new Map() } : undefined;
  }
  const cpus = new Map<number, Rates>();
  for (const [cpu, counters] of after.counters.cpus) {
    const earlier = before.counters.cpus.get(cpu);
    if (earlier) cpus.set(cpu, rates(earlier, counters, seconds));
  }
  const sum = new Map<string, number>();
  for (const each of cpus.values()) {
    for (const [name, rate] of each) sum.set(name, (sum.get(name) ?? 0) + rate);
  }
  return { sum, cpus };
}

function rates(before: Counters, after: Counters, seconds: number): Rates {
  const result = new Map<string, number>();
  for (const [name, value] of after) {
    const earlier = before.get(name);
    if (earlier !== undefined) result.set(name, (value >= earlier ? value - earlier : value) / seconds);
  }
  return result;
}
