import { EventDetector } from '../../../watch/events';
import { Sampler } from '../../../watch/sampler';
import { untilUnread } from '../../stream';
import { steadySamples } from '../steady-samples';
import { parseInterval, parseOptions, printHelp, UsageError } from '../arguments';
import { eventLine, eventRecord } from './show';
import type { CommandIo } from '../../command';

const USAGE = `Usage: cellvisor events [--interval TIME] [--json]

What happens from now on, a line each: cells that appear, change their state or are gone, CPUs that fail, the hypervisor
enabled or closed, its driver unloaded or loaded. Runs until Ctrl-C.
Exit code: 0, 1 when the board cannot be asked, 2 for a wrong command line.

   --interval TIME   how often to look, such as 100ms or 5s; default 500ms. What happens and is undone in between is
                     not seen
   --json            one JSON object a line and event (docs/streams.md)
`;

const OPTIONS = {
  interval: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor events`. */
export async function events(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  if (positionals.length > 0) throw new UsageError(`events takes no '${positionals[0]}'`, USAGE);
  const intervalMs = parseInterval(values.interval ?? '500ms', '--interval', USAGE);
  const show = values.json ? eventRecord : eventLine;
  const detector = new EventDetector();
  const sampler = new Sampler(await io.openKernel(io.env), { counters: false });
  return untilUnread(async (signal) => {
    for await (const snapshot of steadySamples(sampler, { intervalMs, signal }, io)) {
      for (const event of detector.next(snapshot)) io.out(`${show(event)}\n`);
    }
    return 0;
  });
}
