import { Jailhouse } from '../../../jailhouse/jailhouse';
import { CounterTable } from './stats-table';
import { statsLines } from './stats-view';
import type { CellSelector } from '../../../abi/jailhouse/ioctls';
import type { CellStats } from '../../../jailhouse/jailhouse';
import type { CommandIo } from '../../command';

const USAGE = 'usage: jailhouse cell stats { ID | [--name] NAME }\n';

/** `jailhouse cell stats { ID | [--name] NAME }` (jailhouse-tools reference 10), and `--json`, which is ours. */
export async function stats(args: readonly string[], io: CommandIo): Promise<number> {
  const json = args.length > 1 && args.at(-1) === '--json' && args.at(-2) !== '--name';
  const words = json ? args.slice(0, -1) : args;
  const help = words.length === 1 && (words[0] === '-h' || words[0] === '--help');
  const selector = help ? undefined : parseStatsSelector(words);
  if (!selector) {
    io.out(USAGE);
    return help ? 0 : 1;
  }
  const jailhouse = new Jailhouse(await io.openKernel(io.env));
  if (json) {
    io.out(`${JSON.stringify(plain(await jailhouse.stats(selector)), undefined, 2)}\n`);
    return 0;
  }
  if (io.openTerminal) {
    const { watchStats } = await import('./stats-screen');
    return watchStats(jailhouse, selector, io.openTerminal);
  }
  const now = await jailhouse.stats(selector);
  const rows = new CounterTable().sample(now.sum, process.hrtime.bigint());
  io.out(
    statsLines(now.name, undefined, rows)
      .map(({ text }) => `${text.trimEnd()}\n`)
      .join(''),
  );
  return 0;
}

/** A number is an id here, whatever its size, and `--name` only stands before a name. */
function parseStatsSelector(args: readonly string[]): CellSelector | undefined {
  const [first, second] = args;
  if (first === undefined || args.length > 2) {
    return undefined;
  }
  if (args.length === 2) {
    return first === '--name' && second !== undefined ? { name: second } : undefined;
  }
  if (first === '--name') {
    return undefined;
  }
  return /^\s*[+-]?\d+\s*$/.test(first) ? { id: Number(first) } : { name: first };
}

function plain({ id, name, sum, cpus }: CellStats) {
  return {
    id,
    name,
    counters: Object.fromEntries(sum),
    cpus: Object.fromEntries([...cpus].map(([cpu, counters]) => [cpu, Object.fromEntries(counters)])),
  };
}
