import { KernelError } from '../../errors';
import type { KernelFile } from '../../kernel/kernel';
import type { Transport, TransportHandlers } from '../../wire/transport';

const READ_BYTES = 64 * 1024;

/**
 * /dev/xen/xenbus as a stream: xenstore through this domain's kernel (xen-abi reference 1 and 12). Each message goes in one
 * write, and writes go one after the other.
 */
export class XenbusTransport implements Transport {
  private readonly ending = new AbortController();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly file: KernelFile) {}

  start(handlers: TransportHandlers): void {
    void this.deliver(handlers);
  }

  send(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.writing = this.writing.then(() => this.write(piece)).catch(() => this.close());
    }
  }

  close(): void {
    void this.writing.finally(() => this.ending.abort());
  }

  setKeepsProcess(): void {
    // A read that waits does so on a thread of its own, and keeps the process alive either way.
  }

  private async write(piece: Uint8Array): Promise<void> {
    if (this.ending.signal.aborted) return;
    const takenBytes = await this.file.write(piece);
    if (takenBytes !== piece.length) throw new KernelError('writing a message to xenstore', 'EIO');
  }

  private async deliver(handlers: TransportHandlers): Promise<void> {
    try {
      for (;;) {
        const bytes = await this.file.read(READ_BYTES, { signal: this.ending.signal });
        if (bytes.length === 0) break;
        handlers.onBytes(bytes);
      }
    } catch {
      // What waits is told that the connection is over; the kernel gives no reason that would help.
    }
    this.ending.abort();
    await this.file.close();
    handlers.onClose();
  }
}
