import { CounterTable } from './stats-table';
import { STATS_KEYS, statsLines } from './stats-view';
import type { CellSelector } from '../../../abi/jailhouse/ioctls';
import type { CellStats, Jailhouse } from '../../../jailhouse/jailhouse';
import type { Terminal } from '../../command';

const FIRST_WAIT_MS = 1000;
const NEXT_WAIT_MS = 4000;

/** The full-screen view. Keys: q quits, c goes to the next CPU, a back to all of them; any other one refreshes. */
export async function watchStats(
  jailhouse: Jailhouse,
  selector: CellSelector,
  openTerminal: () => Promise<Terminal>,
): Promise<number> {
  let now = await jailhouse.stats(selector);
  const { id } = now;
  const terminal = await openTerminal();
  try {
    const table = new CounterTable();
    let cpu: number | undefined;
    let waitMs = FIRST_WAIT_MS;
    for (;;) {
      if (cpu !== undefined && !now.cpus.has(cpu)) {
        cpu = undefined; // It has left the cell.
        table.reset();
      }
      draw(terminal, now, cpu, table);
      const key = await terminal.nextKey(waitMs);
      waitMs = NEXT_WAIT_MS;
      if (key === 'q' || key === 'interrupt') {
        return 0;
      }
      if (key === 'c' || key === 'a') {
        cpu = key === 'c' ? nextCpu(now, cpu) : undefined;
        table.reset();
        waitMs = FIRST_WAIT_MS;
      }
      now = await jailhouse.stats({ id });
    }
  } finally {
    terminal.close();
  }
}

function draw(terminal: Terminal, now: CellStats, cpu: number | undefined, table: CounterTable): void {
  const counters = cpu === undefined ? now.sum : (now.cpus.get(cpu) ?? now.sum);
  const rows = table.sample(counters, process.hrtime.bigint());
  const body = statsLines(now.name, cpu, rows).slice(0, Math.max(terminal.rows - 1, 0));
  const gap = Array.from({ length: Math.max(terminal.rows - 1 - body.length, 0) }, () => ({ text: '' }));
  terminal.draw([...body, ...gap, { text: STATS_KEYS, reverse: true }]);
}

function nextCpu({ cpus }: CellStats, cpu: number | undefined): number | undefined {
  const numbers = [...cpus.keys()];
  return cpu === undefined ? numbers[0] : numbers[(numbers.indexOf(cpu) + 1) % numbers.length];
}
