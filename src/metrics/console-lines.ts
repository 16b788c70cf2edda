import { CellvisorError, KernelError } from '../errors';
import { JAILHOUSE_DEVICE } from '../jailhouse/jailhouse';
import type { Kernel, KernelFile } from '../kernel/kernel';

/** As much as one read of the console ever gives (jailhouse-abi reference 1.9). */
const READ_BYTES = 2048;
const NEWLINE = 0x0a;
/** What the driver answers instead of what it no longer has. */
const MISSED = /^<missed (\d+) bytes of console log>\n$/;

export interface ConsoleTotals {
  readonly lines: number;
  readonly missedBytes: number;
}

/**
 * Counts what the hypervisor printed since this object was made, and what its buffer still held then. Every look takes what
 * is new: nothing waits in between. The buffer has 2 KiB, so that what comes faster is missed, and counted as such.
 */
export class ConsoleLines {
  private lines = 0;
  private missedBytes = 0;
  private file: KernelFile | undefined;

  constructor(private readonly kernel: Kernel) {}

  /** @returns undefined while there is no console to be read: no driver, no permission, or no virtual console */
  async count(): Promise<ConsoleTotals | undefined> {
    try {
      this.file ??= await this.kernel.open(JAILHOUSE_DEVICE, { access: 'read-write', nonBlocking: true });
      await this.drain(this.file);
    } catch (error) {
      if (!(error instanceof CellvisorError)) throw error;
      // EAGAIN: nothing is enabled. Else the file is of no use any more, as when the driver was unloaded, or a link lost.
      if (!(error instanceof KernelError && error.errno === 'EAGAIN')) {
        await this.close();
        return undefined;
      }
    }
    return { lines: this.lines, missedBytes: this.missedBytes };
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close().catch(() => undefined);
  }

  private async drain(file: KernelFile): Promise<void> {
    for (;;) {
      const bytes = await file.read(READ_BYTES);
      if (bytes.length === 0) return;
      const missed = MISSED.exec(new TextDecoder('latin1').decode(bytes))?.[1];
      if (missed === undefined) this.lines += bytes.reduce((count, byte) => count + (byte === NEWLINE ? 1 : 0), 0);
      else this.missedBytes += Number(missed);
    }
  }
}
