import { fstatSync } from 'node:fs';
import { loadSyscalls } from '../native/syscalls';
import { OutputClosed } from './command';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const STDOUT = 1;

/** Runs what goes on until Ctrl-C or `kill`, which abort the signal: then it ends in order. */
export async function untilSignal(command: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const ending = new AbortController();
  const end = () => ending.abort();
  ENDING_SIGNALS.forEach((name) => process.on(name, end));
  try {
    return await command(ending.signal);
  } finally {
    ENDING_SIGNALS.forEach((name) => process.off(name, end));
  }
}

/**
 * Like `untilSignal`, for what writes to stdout now and then: ends also when nobody reads that any more, even while there
 * is nothing to write, as in `cellvisor events | head -1`.
 *
 * @throws OutputClosed in that case
 */
export async function untilUnread(command: (signal: AbortSignal) => Promise<number>): Promise<number> {
  return untilSignal(async (signal) => {
    const unread = new AbortController();
    const reader = watchReader(() => unread.abort());
    try {
      const code = await command(AbortSignal.any([signal, unread.signal]));
      if (unread.signal.aborted) throw new OutputClosed();
      return code;
    } finally {
      reader?.cancel();
    }
  });
}

/**
 * poll(2) reports the end of a pipe whose reader is gone. There is nothing to be read at our end of it, so that a read waits
 * for just that. Elsewhere it could take what is not ours, such as keys of a terminal.
 */
function watchReader(onClosed: () => void): { cancel(): void } | undefined {
  if (!fstatSync(STDOUT).isFIFO()) return undefined;
  const read = loadSyscalls().read(STDOUT, 1);
  if (typeof read === 'number') return undefined;
  let isOver = false;
  void read.result.then(() => {
    if (!isOver) onClosed();
  });
  return {
    cancel: () => {
      isOver = true;
      read.cancel();
    },
  };
}
