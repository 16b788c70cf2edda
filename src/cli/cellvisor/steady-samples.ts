import { setTimeout as wait } from 'node:timers/promises';
import { CellvisorError } from '../../errors';
import type { BoardSnapshot } from '../../watch/snapshot';
import type { Sampler, SamplesOptions } from '../../watch/sampler';
import type { CommandIo } from '../command';

/**
 * Samples of a board, also over a link that is lost meanwhile: that, and that it is back, is a line on stderr. Other errors
 * end them, as ever.
 */
export async function* steadySamples(
  sampler: Sampler,
  options: SamplesOptions,
  io: Pick<CommandIo, 'err'>,
): AsyncGenerator<BoardSnapshot, void, undefined> {
  const { intervalMs, signal } = options;
  let reason: string | undefined;
  while (!signal?.aborted) {
    try {
      for await (const snapshot of sampler.samples(options)) {
        if (reason !== undefined) io.err('the link is back\n');
        reason = undefined;
        yield snapshot;
      }
    } catch (error) {
      // By its code: the kernel of another host is a part that is loaded, with classes of its own.
      if (!(error instanceof CellvisorError) || error.code !== 'E_LINK') throw error;
      if (error.message !== reason) io.err(`${error.message}; waiting for it\n`);
      reason = error.message;
      await wait(intervalMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }
}
