import type { Cell } from '../../src/jailhouse/cell';
import type { BoardSnapshot, CellSample } from '../../src/watch/snapshot';

/** A snapshot of an enabled board, but for what a test says. */
export function snapshot(parts: Partial<BoardSnapshot> = {}): BoardSnapshot {
  return {
    takenAtMs: 1_700_000_000_000,
    clockMs: 1000,
    costMs: 1,
    driver: 'loaded',
    status: {
      present: true,
      enabled: true,
      version: 'v0.10',
      memPool: { sizePages: 994, usedPages: 58 },
      remapPool: { sizePages: 131_072, usedPages: 144 },
    },
    cells: [],
    uio: [],
    failures: [],
    ...parts,
  };
}

/** @param counters by CPU */
export function cellSample(cell: Partial<Cell> = {}, counters?: Record<number, Record<string, number>>): CellSample {
  const cpus = Object.entries(counters ?? {}).map(
    ([cpu, values]) => [Number(cpu), new Map(Object.entries(values))] as const,
  );
  const sum = new Map<string, number>();
  for (const [, values] of cpus) for (const [name, value] of values) sum.set(name, (sum.get(name) ?? 0) + value);
  return {
    cell: { id: 1, name: 'demo', state: 'running', assignedCpus: [3], failedCpus: [], ...cell },
    counters: counters && { sum, cpus: new Map(cpus) },
  };
}

/** The `statistics` folder of a cell, as a driver that counts by CPU has it. */
export function statisticsOf(id: number, cpus: Record<number, Record<string, number>>): Record<string, string> {
  const folder = `/sys/devices/jailhouse/cells/${id}/statistics`;
  const files: Record<string, string> = {};
  const sums: Record<string, number> = {};
  for (const [cpu, counters] of Object.entries(cpus)) {
    for (const [name, value] of Object.entries(counters)) {
      files[`${folder}/cpu${cpu}/${name}`] = `${value}\n`;
      sums[name] = (sums[name] ?? 0) + value;
    }
  }
  for (const [name, value] of Object.entries(sums)) files[`${folder}/${name}`] = `${value}\n`;
  return files;
}
