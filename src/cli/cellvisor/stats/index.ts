import { CellvisorError } from '../../../errors';
import { ratesBetween } from '../../../watch/rates';
import { Sampler } from '../../../watch/sampler';
import { untilUnread } from '../../stream';
import { steadySamples } from '../steady-samples';
import { parseCount, parseInterval, parseOptions, printHelp, UsageError } from '../arguments';
import { statsRecord } from './record';
import { statsTable, whyNoCells } from './table';
import type { BoardSnapshot } from '../../../watch/snapshot';
import type { CommandIo } from '../../command';

const USAGE = `Usage: cellvisor stats [--cell NAME] [--interval TIME] [--count N] [--json]

What each cell does and costs: its state, its CPUs, and its exits to the hypervisor, in all and per second.
Runs until Ctrl-C. Exit code: 0, 1 when the board cannot be asked, 2 for a wrong command line.

   --cell NAME       only this cell; may be given several times
   --interval TIME   from one sample to the next, such as 500ms or 10s; default 1s
   --count N         end after N samples; rates are there from the second one on
   --json            one JSON object a line and sample (docs/streams.md)
`;

const OPTIONS = {
  cell: { type: 'string', multiple: true },
  interval: { type: 'string' },
  count: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor stats`. */
export async function stats(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  if (positionals.length > 0) throw new UsageError(`stats takes no '${positionals[0]}'; a cell is --cell NAME`, USAGE);
  const intervalMs = parseInterval(values.interval ?? '1s', '--interval', USAGE);
  const count = values.count === undefined ? Infinity : parseCount(values.count, '--count', USAGE);
  const names = values.cell;
  const sampler = new Sampler(await io.openKernel(io.env));
  return untilUnread(async (signal) => {
    let before: BoardSnapshot | undefined;
    let reason: string | undefined;
    let left = count;
    for await (const whole of steadySamples(sampler, { intervalMs, signal }, io)) {
      if (signal.aborted) break;
      if (before === undefined) requireCells(whole, names);
      const snapshot = names ? ofCells(whole, names) : whole;
      const rates = before && ratesBetween(before, snapshot);
      if (values.json) {
        io.out(`${JSON.stringify(statsRecord(snapshot, rates))}\n`);
      } else {
        const why = whyNoCells(snapshot);
        if (why !== undefined && why !== reason) io.err(`${why}\n`);
        reason = why;
        io.out(`${before ? '\n' : ''}${statsTable(snapshot, rates)}`);
      }
      before = snapshot;
      if (--left === 0) break;
    }
    return 0;
  });
}

/** @throws CellvisorError E_CELL_UNKNOWN: a name with a typing error shall not wait for ever */
function requireCells({ cells }: BoardSnapshot, names: readonly string[] = []): void {
  const present = cells.map(({ cell }) => cell.name);
  const missing = names.find((name) => !present.includes(name));
  if (missing === undefined) return;
  throw new CellvisorError(`there is no cell '${missing}'`, {
    code: 'E_CELL_UNKNOWN',
    operation: 'stats',
    hint: present.length === 0 ? 'Jailhouse is not enabled' : `the cells are ${present.join(', ')}`,
  });
}

function ofCells(snapshot: BoardSnapshot, names: readonly string[]): BoardSnapshot {
  return { ...snapshot, cells: snapshot.cells.filter(({ cell }) => names.includes(cell.name)) };
}
