import { KernelError } from '../../errors';
import { Notifier } from '../notifier';
import type { LogPart } from '../../wire/control';

/** Growth is remembered at most this finely ... */
const MARK_INTERVAL_MS = 50;
/** ... and this often; older growth counts as older than anything asked for. */
const MAX_MARKS = 4096;

/** An answer's part of a log: readers ask again for more. */
const MAX_PART_BYTES = 1024 * 1024;

/** Bytes of a log from offset `from` on; `start` is later than `from` when older bytes were dropped. */
export type LogSource = (from: number) => LogPart;

/** A log that grows: readers may wait for more, and ask for what came since a time. */
export class Log {
  private readonly marks: { readonly timeMs: number; readonly start: number }[] = [];
  private knownEnd = 0;
  private readonly growth = new Notifier();

  constructor(private readonly source: LogSource) {}

  /** To be called when the source has grown up to `end`. */
  grew(end: number, nowMs = Date.now()): void {
    if (end <= this.knownEnd) return;
    const last = this.marks.at(-1);
    if (last === undefined || nowMs - last.timeMs >= MARK_INTERVAL_MS) {
      this.marks.push({ timeMs: nowMs, start: this.knownEnd });
      if (this.marks.length > MAX_MARKS) this.marks.shift();
    }
    this.knownEnd = end;
    this.growth.notify();
  }

  /** Offset of the first byte that came at or after a time. */
  offsetAt(timeMs: number): number {
    return this.marks.find((mark) => mark.timeMs >= timeMs)?.start ?? this.knownEnd;
  }

  read(from: number): LogPart {
    const part = this.source(from);
    if (part.bytes.length <= MAX_PART_BYTES) return part;
    return { start: part.start, end: part.start + MAX_PART_BYTES, bytes: part.bytes.subarray(0, MAX_PART_BYTES) };
  }

  /**
   * Like `read`, but waits until there is something.
   * @throws KernelError EINTR when `signal` aborts
   */
  async readNext(from: number, signal: AbortSignal): Promise<LogPart> {
    for (;;) {
      if (signal.aborted) throw new KernelError('log', 'EINTR');
      const part = this.read(from);
      if (part.bytes.length > 0) return part;
      await this.growth.wait(signal, 'log');
    }
  }
}
