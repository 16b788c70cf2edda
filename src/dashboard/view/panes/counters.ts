import { countInWords, rateInWords, sparkline } from '../figures';
import { left, plain, right, styled } from '../line';
import type { CellState, Figures } from '../../model/board';
import type { Line } from '../line';
import type { Paper } from '../paper';

const PREFIX = 'vmexits_';
const NAME_COLUMNS = 12;
const TOTAL_COLUMNS = 11;
const RATE_COLUMNS = 7;
const MIN_SPARK_COLUMNS = 10;
const MAX_SPARK_COLUMNS = 60;

/** Every counter: total, rate and history of the cell or of one of its CPUs, and the rate of each CPU beside it. */
export function counterLines(
  cell: CellState,
  cpu: number | undefined,
  recorded: number,
  { columns, glyphs }: Paper,
): Line[] {
  const shown = cpu === undefined ? cell.sum : cell.cpus.get(cpu);
  if (!shown) return [plain(' The counters could not be read.')];
  const taken = 1 + NAME_COLUMNS + TOTAL_COLUMNS + RATE_COLUMNS + 1;
  const room = Math.max(columns - taken - MIN_SPARK_COLUMNS - 1, 0);
  const cpus = cpu === undefined ? [...cell.cpus].slice(0, Math.floor(room / (RATE_COLUMNS + 1))) : [];
  const sparkColumns = Math.min(columns - taken - cpus.length * (RATE_COLUMNS + 1) - 1, MAX_SPARK_COLUMNS);
  const heads = cpus.map(([number]) => ` ${right(`CPU${number}/S`, RATE_COLUMNS)}`).join('');
  const head =
    ` ${left('VM EXITS', NAME_COLUMNS)}${right('TOTAL', TOTAL_COLUMNS)}${right('/S', RATE_COLUMNS)}` +
    ` ${left('LAST TWO MINUTES', sparkColumns)}${heads}`;
  return [
    [styled(head, 'head')],
    ...countersOf(shown).map((counter): Line => [
      { text: ` ${left(counter.slice(PREFIX.length), NAME_COLUMNS)}` },
      { text: right(totalInWords(shown.totals.get(counter) ?? 0), TOTAL_COLUMNS) },
      { text: right(rateInWords(shown.rates.get(counter)), RATE_COLUMNS) },
      styled(
        ` ${sparkline(shown.histories.get(counter) ?? [], Math.max(sparkColumns, 0), recorded, glyphs)}`,
        'figure',
      ),
      ...cpus.map(([, figures]) => ({ text: ` ${right(rateInWords(figures.rates.get(counter)), RATE_COLUMNS)}` })),
    ]),
  ];
}

/** The sum first, as the driver numbers them; the others by their names. */
function countersOf({ totals }: Figures): string[] {
  const names = [...totals.keys()].sort();
  const total = `${PREFIX}total`;
  return [...names.filter((name) => name === total), ...names.filter((name) => name !== total)];
}

function totalInWords(count: number): string {
  const text = `${count}`;
  return text.length < TOTAL_COLUMNS ? text : countInWords(count);
}
