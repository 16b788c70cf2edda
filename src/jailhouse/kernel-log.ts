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
      // One record a read: priority,sequence,microseconds,flags;text
      const record = new TextDecoder().decode(await file.read(RECORD_BYTES));
      if (record === '') {
        return messages;
      }
      const match = /^\d+,(\d+),(\d+),[^;]*;([^\n]*)/.exec(record);
      if (match) {
        messages.push({ sequence: Number(match[1]), seconds: Number(match[2]) / 1e6, text: match[3] ?? '' });
      }
    }
  } catch {
    return messages; // EAGAIN: that was the newest one.
  } finally {
    await file.close();
  }
}
