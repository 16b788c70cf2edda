import { closeSync, constants, openSync, readSync, statfsSync } from 'node:fs';

/** statfs(2): SYSFS_MAGIC. */
const SYSFS_MAGIC = 0x62656572;

/** A sample of 16 cells with 8 CPUs each is some 1300 files. */
const MAX_KEPT = 2048;

/** An attribute is at most a page, which has up to 64 KiB on arm64; ours are a line. What fills this is read by its path. */
const BUFFER_BYTES = 16 * 1024;

/**
 * Attributes of sysfs that are read again and again: kept open, each look is one system call instead of four. Reading
 * from offset 0 asks the driver anew. Where its object is gone, the open file says ENODEV, even if another has taken its
 * name; so only sysfs will do, and no other file system.
 */
export class KeptAttributes {
  /** Descriptors by path, the one that was used last at the end. */
  private readonly kept = new Map<string, number>();
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);

  /** The attribute's content; undefined where it must be read by its path. */
  read(path: string): Uint8Array | undefined {
    const fd = this.kept.get(path);
    if (fd === undefined) return undefined;
    this.kept.delete(path);
    const lengthBytes = this.readStart(fd);
    if (lengthBytes === undefined || lengthBytes === BUFFER_BYTES) {
      closeSync(fd);
      return undefined;
    }
    this.kept.set(path, fd);
    // From Node's pool: a line needs no memory of its own.
    return Buffer.from(this.buffer.subarray(0, lengthBytes));
  }

  /** To be called with what was just read by its path. */
  keep(path: string): void {
    try {
      if (statfsSync(path).type !== SYSFS_MAGIC) return;
      this.kept.set(path, openSync(path, constants.O_RDONLY));
    } catch {
      return; // Gone meanwhile, or no descriptor is left: there is no need to keep it.
    }
    const [oldest] = this.kept;
    if (this.kept.size > MAX_KEPT && oldest !== undefined) {
      closeSync(oldest[1]);
      this.kept.delete(oldest[0]);
    }
  }

  close(): void {
    for (const fd of this.kept.values()) closeSync(fd);
    this.kept.clear();
  }

  private readStart(fd: number): number | undefined {
    try {
      return readSync(fd, this.buffer, 0, BUFFER_BYTES, 0);
    } catch {
      return undefined;
    }
  }
}
