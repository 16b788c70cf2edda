import { KernelError } from '../errors';
import { parseCpuList, SYSFS_ROOT } from '../jailhouse/sysfs';
import type { ErrnoName } from '../errno';
import type { Kernel } from '../kernel/kernel';

/** The files of the running system, of which any may be missing. Reading changes nothing. */
export class LiveSystem {
  constructor(private readonly kernel: Kernel) {}

  /** The whole content; undefined when there is no such file, or it cannot be read. */
  async bytes(path: string): Promise<Uint8Array | undefined> {
    return this.kernel.readFile(path).catch(absent);
  }

  async text(path: string): Promise<string | undefined> {
    const bytes = await this.bytes(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** A file of one line, without its end. */
  async line(path: string): Promise<string | undefined> {
    return (await this.text(path))?.trim();
  }

  /** Names in a folder, in order; none when there is no such folder. */
  async names(path: string): Promise<string[]> {
    return ((await this.kernel.readDirectory(path).catch(absent)) ?? []).sort();
  }

  async exists(path: string): Promise<boolean> {
    return (await this.kernel.stat(path).catch(absent)) !== undefined || (await this.names(path)).length > 0;
  }

  /** Why a device cannot be opened for reading and writing; undefined when it can. */
  async whyNotOpen(path: string): Promise<ErrnoName | undefined> {
    try {
      await (await this.kernel.open(path, { access: 'read-write' })).close();
      return undefined;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return error.errno ?? 'EIO';
    }
  }

  async isEnabled(): Promise<boolean> {
    return (await this.line(`${SYSFS_ROOT}/enabled`)) === '1';
  }

  /** Logical numbers; `kind` is `present`, `online` or `offline`. Undefined where the kernel does not say. */
  async cpus(kind: 'present' | 'online' | 'offline'): Promise<number[] | undefined> {
    const text = await this.line(`/sys/devices/system/cpu/${kind}`);
    return text === undefined ? undefined : parseCpuList(text);
  }

  /** Such as `4.14.98-imx`. */
  async kernelRelease(): Promise<string | undefined> {
    return (
      (await this.line('/proc/sys/kernel/osrelease')) ??
      /^Linux version (\S+)/.exec((await this.line('/proc/version')) ?? '')?.[1]
    );
  }

  /** The first message of the kernel's log that matches, from boot on as far as it is kept. */
  async kernelSaid(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    const file = await this.kernel.open('/dev/kmsg', { access: 'read', nonBlocking: true }).catch(absent);
    if (!file) return undefined;
    try {
      for (;;) {
        const record = await file.read(KMSG_RECORD_BYTES).catch(lost);
        if (record?.length === 0) return undefined;
        const found = record && pattern.exec(new TextDecoder().decode(record));
        if (found) return found;
      }
    } catch (error) {
      return absent(error); // EAGAIN: that was the newest one.
    } finally {
      await file.close();
    }
  }
}

const KMSG_RECORD_BYTES = 8192;

/** EPIPE: a record was overwritten before it was read; the next read goes on behind it. */
function lost(error: unknown): undefined {
  if (!(error instanceof KernelError) || error.errno !== 'EPIPE') throw error;
}

function absent(error: unknown): undefined {
  if (!(error instanceof KernelError)) throw error;
}
