import { COUNTER_PREFIX } from '../../../jailhouse/stats';
import type { PagePool } from '../../../jailhouse/status';
import type { CellRates } from '../../../watch/rates';
import type { BoardSnapshot, CellSample } from '../../../watch/snapshot';

const PAGE_BYTES = 4096;

/** A sample as `cellvisor stats --json` prints it (docs/streams.md). */
export function statsRecord(snapshot: BoardSnapshot, rates: ReadonlyMap<number, CellRates> | undefined) {
  const { status } = snapshot;
  return {
    time: new Date(snapshot.takenAtMs).toISOString(),
    driver: snapshot.driver,
    version: status?.version,
    enabled: status?.enabled ?? false,
    memoryPool: status && poolRecord(status.memPool),
    remapPool: status && poolRecord(status.remapPool),
    cells: snapshot.cells.map((sample) => cellRecord(sample, rates?.get(sample.cell.id))),
    uio: snapshot.uio,
    failures: snapshot.failures.map(({ cell, error }) => ({ cell: cell?.name ?? cell?.id, error: error.message })),
    costMs: Number(snapshot.costMs.toFixed(3)),
  };
}

function poolRecord({ sizePages, usedPages }: PagePool) {
  return { sizeBytes: sizePages * PAGE_BYTES, usedBytes: usedPages * PAGE_BYTES };
}

function cellRecord({ cell, counters }: CellSample, rates: CellRates | undefined) {
  return {
    ...cell,
    exits: counters && byReason(counters.sum),
    exitsPerSecond: rates && byReason(rates.sum),
    cpus:
      counters &&
      [...counters.cpus].map(([cpu, each]) => {
        const own = rates?.cpus.get(cpu);
        return { cpu, exits: byReason(each), exitsPerSecond: own && byReason(own) };
      }),
  };
}

/** `vmexits_mmio` is `mmio`. Rates have at most three decimals. */
function byReason(values: ReadonlyMap<string, number>): Record<string, number> {
  const record: Record<string, number> = {};
  for (const [name, value] of values) record[name.slice(COUNTER_PREFIX.length)] = Math.round(value * 1000) / 1000;
  return record;
}
