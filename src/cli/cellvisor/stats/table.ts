import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { COUNTER_PREFIX } from '../../../jailhouse/stats';
import { showTable } from '../../table';
import type { CellRates } from '../../../watch/rates';
import type { BoardSnapshot } from '../../../watch/snapshot';

const TOTAL = `${COUNTER_PREFIX}total`;
/** As many as a terminal of 80 columns has room for. */
const SHOWN_REASONS = 3;

/** A sample as a table; the reasons that cost most are named in the last column. */
export function statsTable(snapshot: BoardSnapshot, rates: ReadonlyMap<number, CellRates> | undefined): string {
  if (snapshot.cells.length === 0) return '';
  return showTable([
    ['ID', 'NAME', 'STATE', 'CPUS', 'FAILED', 'EXITS', 'EXITS/S', 'MOST, PER SECOND'],
    ...snapshot.cells.map(({ cell, counters }) => {
      const own = rates?.get(cell.id)?.sum;
      return [
        `${cell.id}`,
        cell.name,
        cell.state,
        formatCpuList(cell.assignedCpus),
        formatCpuList(cell.failedCpus) || '-',
        `${counters?.sum.get(TOTAL) ?? '-'}`,
        own ? `${Math.round(own.get(TOTAL) ?? 0)}` : '-',
        own ? mostFrequent(own) : '-',
      ];
    }),
  ]);
}

/** What a person must know when there is no table. */
export function whyNoCells({ driver, status, cells }: BoardSnapshot): string | undefined {
  if (cells.length > 0) return undefined;
  if (driver === 'absent') return 'no cells: the driver jailhouse.ko is not loaded';
  return status?.enabled ? 'no such cell any more' : 'no cells: Jailhouse is not enabled';
}

function mostFrequent(rates: ReadonlyMap<string, number>): string {
  const reasons = [...rates]
    .filter(([name, rate]) => name !== TOTAL && Math.round(rate) > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN_REASONS);
  return reasons.map(([name, rate]) => `${name.slice(COUNTER_PREFIX.length)} ${Math.round(rate)}`).join(', ') || '-';
}
