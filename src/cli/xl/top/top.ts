import { setTimeout as wait } from 'node:timers/promises';
import { untilUnread } from '../../stream';
import { EXIT_USAGE } from '../arguments';
import { tableLines } from './lines';
import { parseTopOptions } from './options';
import { TopSampler } from './sample';
import type { CommandIo } from '../../command';
import type { Xl } from '../xl';
import type { TopOptions } from './options';

/** `xl top`: xentop(1). Without a terminal it goes on as with `-b`: a table a sample. */
export async function top(args: readonly string[], xl: Pick<Xl, 'io' | 'host' | 'kernel'>): Promise<number> {
  const options = parseTopOptions(args, xl.io);
  if (options === undefined) return EXIT_USAGE;
  const sampler = await TopSampler.of(await xl.host(), await xl.kernel());
  if (options.isBatch || !xl.io.openTerminal) return batch(sampler, options, xl.io);
  // With blessed: loaded only for a terminal.
  const { runInteractive } = await import('./interactive');
  await runInteractive(sampler, options, xl.io.env);
  return 0;
}

async function batch(
  sampler: TopSampler,
  { shown, delaySeconds, iterations = Infinity }: TopOptions,
  io: CommandIo,
): Promise<number> {
  return untilUnread(async (signal) => {
    for (let done = 0; done < iterations && !signal.aborted; done++) {
      if (done > 0) await wait(delaySeconds * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      const sample = await sampler.sample(shown.vcpus);
      io.out(
        tableLines(sample, shown)
          .map(({ text }) => `${text}\n`)
          .join(''),
      );
    }
    return 0;
  });
}
