import type { ScreenLine } from '../../command';
import type { CounterRow } from './stats-table';

const VALUE_COLUMN = 30;
const VALUE_WIDTH = 10;
export const STATS_KEYS = ' Q - Quit | C - Toggle CPU | A - All CPUs';

/** Title, an empty line, the bar, and a line per counter. @param cpu absent: all of the cell's CPUs */
export function statsLines(cell: string, cpu: number | undefined, rows: readonly CounterRow[]): ScreenLine[] {
  const who = cpu === undefined ? '(All CPUs)' : `(CPU ${cpu})`;
  return [
    { text: `Statistics for ${cell} cell` },
    { text: '' },
    { text: columns(`COUNTER ${who}`, 'SUM', 'PER SEC'), reverse: true },
    ...rows.map(({ counter, value, perSecond }) => ({
      text: columns(counter, `${value}`, perSecond === undefined ? '' : `${perSecond}`),
    })),
  ];
}

function columns(name: string, sum: string, perSecond: string): string {
  return name.padEnd(VALUE_COLUMN) + sum.padStart(VALUE_WIDTH) + perSecond.padStart(VALUE_WIDTH);
}
