import type { KernelFile } from '../../kernel/kernel';
import type { Transport, TransportHandlers } from '../../wire/transport';

const READ_BYTES = 64 * 1024;
/** xenstored answers within a fraction of this: to have a thread wait for it takes longer. */
const ANSWER_MS = 5;
/** A socket has room for more than this: it is written without a wait, even when nobody reads it yet. */
const SMALL_BYTES = 16 * 1024;

/**
 * xenstored's socket, or /dev/xen/xenbus, as a stream: Node's own sockets take as long to load as all the rest of a short command.
 * It is read only while somebody waits, because a read under way keeps the process alive.
 */
export class FileTransport implements Transport {
  private handlers: TransportHandlers | undefined;
  /** What is to be written after what is being written. */
  private readonly waiting: Uint8Array[] = [];
  private writing: Promise<void> | undefined;
  private isWanted = false;
  private isEnded = false;
  private isReading = false;
  /** Ends the read under way. */
  private pausing: AbortController | undefined;

  constructor(private readonly file: KernelFile) {}

  start(handlers: TransportHandlers): void {
    this.handlers = handlers;
  }

  send(pieces: readonly Uint8Array[]): void {
    this.waiting.push(...pieces);
    this.writing ??= Promise.resolve().then(() => this.write());
  }

  close(): void {
    void this.sent().then(() => this.end());
  }

  setKeepsProcess(keeps: boolean): void {
    this.isWanted = keeps;
    if (!keeps) {
      this.pausing?.abort();
      this.pausing = undefined;
    } else if (!this.isReading) {
      void this.deliver();
    }
  }

  /** All that was asked for in one go is sent in one go. */
  private async write(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        let left: Uint8Array = Buffer.concat(this.waiting.splice(0));
        const isQuick = left.length <= SMALL_BYTES;
        while (left.length > 0 && !this.isEnded) left = left.subarray(await this.file.write(left, { isQuick }));
      }
    } catch {
      await this.end();
    } finally {
      this.writing = undefined;
    }
  }

  private async sent(): Promise<void> {
    do await this.writing;
    while (this.writing !== undefined);
  }

  private async deliver(): Promise<void> {
    this.isReading = true;
    while (this.isWanted && !this.isEnded) {
      this.pausing ??= new AbortController();
      const { signal } = this.pausing;
      try {
        await this.sent();
        const bytes = await this.file.read(READ_BYTES, { signal, waitHereMs: ANSWER_MS });
        if (bytes.length === 0) await this.end();
        else this.handlers?.onBytes(bytes);
      } catch {
        // Otherwise, what waits is told that the connection is over; the kernel gives no reason that would help.
        if (!signal.aborted) await this.end();
      }
    }
    this.isReading = false;
  }

  private async end(): Promise<void> {
    if (this.isEnded) return;
    this.isEnded = true;
    this.pausing?.abort();
    await this.file.close();
    this.handlers?.onClose();
  }
}
