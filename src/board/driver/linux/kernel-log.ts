import { Notifier } from '../../notifier';

/** Severities of printk. */
export type LogLevel = 'err' | 'warning' | 'notice' | 'info';

const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = { err: 3, warning: 4, notice: 5, info: 6 };

export interface LogRecord {
  readonly level: LogLevel;
  readonly sequence: number;
  /** Board time in microseconds. */
  readonly timeUs: bigint;
  readonly text: string;
}

/** Older records are dropped. */
const MAX_RECORDS = 4096;

/** The kernel's log: what dmesg shows. */
export class KernelLog {
  /** Notified after each record. */
  readonly grown = new Notifier();
  /** Called with each record. */
  onRecord: ((record: LogRecord) => void) | undefined;
  private readonly records: LogRecord[] = [];
  private next = 0;

  constructor(private readonly nowNs: () => bigint) {}

  print(text: string, level: LogLevel = 'info'): void {
    const record = { level, sequence: this.next++, timeUs: this.nowNs() / 1000n, text };
    this.records.push(record);
    if (this.records.length > MAX_RECORDS) {
      this.records.shift();
    }
    this.grown.notify();
    this.onRecord?.(record);
  }

  /** The oldest record that is kept and whose sequence number is at least `from`. */
  recordFrom(from: number): LogRecord | undefined {
    const first = this.records[0]?.sequence ?? 0;
    return this.records[Math.max(0, from - first)];
  }

  /** All that is kept, oldest first. */
  all(): readonly LogRecord[] {
    return this.records;
  }
}

/** As on the console: `[ 1588.415166] CPU3: shutdown`. */
export function formatConsoleLine({ timeUs, text }: LogRecord): string {
  const seconds = (timeUs / 1_000_000n).toString().padStart(5);
  return `[${seconds}.${(timeUs % 1_000_000n).toString().padStart(6, '0')}] ${text}`;
}

/** As /dev/kmsg gives it: `6,339,5140900,-;text`, with a newline. */
export function formatKmsgRecord({ level, sequence, timeUs, text }: LogRecord): string {
  return `${LEVEL_NUMBERS[level]},${sequence},${timeUs},-;${text}\n`;
}
