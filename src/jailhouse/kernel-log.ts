import { KernelError } from '../errors';
import { named } from './sysfs';
import type { Kernel } from '../kernel/kernel';

/** A message of the kernel. */
export interface KernelMessage {
  /** Counts up from the start of the system; no two messages have the same. */
  readonly sequence: number;
  /** Since the start of the system. */
  readonly seconds: number;
  readonly text: string;
}

const RECORD_BYTES = 8192;

/** All messages that the kernel still has, oldest first. Where they cannot be read: none. */
export async function readKernelLog(kernel: Kernel): Promise<KernelMessage[]> {
  const messages: KernelMessage[] = [];
  let file;
  try {
    file = await kernel.open('/dev/kmsg', { access: 'read', nonBlocking: true });
  } catch {
    return messages;
  }
  try {
    for (;;) {
      const record = await file.read(RECORD_BYTES);
      if (record.length === 0) {
        return messages;
      }
      const message = messageOf(record);
      if (message) {
        messages.push(message);
      }
    }
  } catch {
    return messages; // EAGAIN: that was the newest one.
  } finally {
    await file.close();
  }
}

/**
 * All messages that the kernel still has, oldest first, and then each one as it comes. Ends with the signal.
 *
 * @throws KernelError when it cannot be read
 */
export async function* followKernelLog(
  kernel: Kernel,
  signal: AbortSignal,
): AsyncGenerator<KernelMessage, void, undefined> {
  const file = await named('opening /dev/kmsg', kernel.open('/dev/kmsg', { access: 'read' }));
  try {
    while (!signal.aborted) {
      const record = await named('reading /dev/kmsg', file.read(RECORD_BYTES, { signal })).catch(overwritten);
      if (record?.length === 0) {
        return;
      }
      const message = record && messageOf(record);
      if (message) {
        yield message;
      }
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** The kernel wrote over what was to be read next: the oldest that is left comes with the next read. */
function overwritten(error: unknown): undefined {
  if (!(error instanceof KernelError) || error.errno !== 'EPIPE') {
    throw error;
  }
}

/** One record: `priority,sequence,microseconds,flags;text`, and lines of properties behind it. */
function messageOf(record: Uint8Array): KernelMessage | undefined {
  const match = /^\d+,(\d+),(\d+),[^;]*;([^\n]*)/.exec(new TextDecoder().decode(record));
  return match ? { sequence: Number(match[1]), seconds: Number(match[2]) / 1e6, text: match[3] ?? '' } : undefined;
}
