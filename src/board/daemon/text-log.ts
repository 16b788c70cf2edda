import { Log } from './log';

/** What is kept of a text log; older text is dropped by the half. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** A log that this process keeps itself. */
export class TextLog {
  readonly log = new Log((from) => this.part(from));
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private start = 0;

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.kept.push(bytes);
    this.keptBytes += bytes.length;
    if (this.keptBytes > MAX_KEPT_BYTES) this.dropOldest();
    this.log.grew(this.start + this.keptBytes);
  }

  private part(from: number) {
    const content = Buffer.concat(this.kept);
    this.kept = [content];
    const end = this.start + content.length;
    const start = Math.min(Math.max(from, this.start), end);
    return { start, end, bytes: content.subarray(start - this.start) };
  }

  private dropOldest(): void {
    const content = Buffer.concat(this.kept);
    const dropped = content.length - MAX_KEPT_BYTES / 2;
    this.kept = [content.subarray(dropped)];
    this.keptBytes -= dropped;
    this.start += dropped;
  }
}
