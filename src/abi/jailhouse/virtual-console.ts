import { raw, u32 } from '../field';
import { StructLayout } from '../layout';

/** `struct jailhouse_virt_console`: the ring that holds the end of the hypervisor's log (jailhouse-abi reference 6.1). */
export interface VirtualConsole {
  /** Not zero while the hypervisor writes. */
  readonly busy: number;
  /** Bytes ever written, modulo 2^32. */
  readonly tail: number;
  /** Byte n of the log is at n % 2048. */
  readonly content: Uint8Array;
}

export const CONSOLE_RING_SIZE = 2048;

export const virtualConsoleLayout = new StructLayout<VirtualConsole>('jailhouse_virt_console', [
  u32('busy'),
  u32('tail'),
  raw('content', CONSOLE_RING_SIZE),
]);

/** What one read(2) of the console gives, and where the reader stands after it. */
export interface ConsoleRead {
  readonly data: Uint8Array;
  readonly head: number;
}

/**
 * One read of a reader that has seen `head` bytes so far. A reader that fell behind by more than the ring gets a line
 * that says how many bytes it missed, instead of log; its next read continues with what is left (jailhouse-abi
 * reference 1.9). No data: nothing new.
 */
export function readConsole(
  { tail, content }: Pick<VirtualConsole, 'tail' | 'content'>,
  head: number,
  sizeBytes: number,
): ConsoleRead {
  const delta = (tail - head) >>> 0;
  if (delta > CONSOLE_RING_SIZE) {
    const missed = delta - CONSOLE_RING_SIZE;
    const line = new TextEncoder().encode(`<missed ${missed} bytes of console log>\n`);
    return { data: line.subarray(0, sizeBytes), head: (head + missed) >>> 0 };
  }
  const count = Math.min(sizeBytes, delta);
  return { data: ringBytes(content, head, count), head: (head + count) >>> 0 };
}

/** The log's last bytes, at most a ring full: what sysfs shows. */
export function consoleSnapshot({ tail, content }: Pick<VirtualConsole, 'tail' | 'content'>): Uint8Array {
  const count = Math.min(tail, CONSOLE_RING_SIZE);
  return ringBytes(content, tail - count, count);
}

function ringBytes(content: Uint8Array, from: number, count: number): Uint8Array {
  const start = from % CONSOLE_RING_SIZE;
  const data = new Uint8Array(count);
  const first = content.subarray(start, Math.min(start + count, CONSOLE_RING_SIZE));
  data.set(first);
  data.set(content.subarray(0, count - first.length), first.length);
  return data;
}
