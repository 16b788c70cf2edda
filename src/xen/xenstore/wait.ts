import { isXenstoreErrno } from './errors';
import type { CallOptions } from './nodes';
import type { Watch } from './watch';
import type { Xenstore } from './xenstore';

export interface WaitOptions extends CallOptions {
  readonly timeoutMs: number;
}

export interface WaitResult {
  /** The node's value when the wait ended; undefined: there was no such node. */
  readonly value: string | undefined;
  readonly isTimedOut: boolean;
}

/**
 * Waits until a node's value is as wanted. It is looked at once at the start, and whenever it changes.
 * @throws KernelError `E_XENSTORE`; EINTR when the signal aborts
 */
export async function waitForValue(
  store: Xenstore,
  path: string,
  isWanted: (value: string | undefined) => boolean,
  { timeoutMs, signal }: WaitOptions,
): Promise<WaitResult> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let watch: Watch | undefined;
  try {
    watch = await store.watch(path, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    for (;;) {
      await watch.next();
      const value = await store.readIfThere(path, { signal });
      if (isWanted(value)) return { value, isTimedOut: false };
    }
  } catch (error) {
    if (!timeout.aborted || signal?.aborted || !isXenstoreErrno(error, 'EINTR')) throw error;
    const value = await store.readIfThere(path, { signal });
    return { value, isTimedOut: !isWanted(value) };
  } finally {
    await watch?.close();
  }
}
