import { randomInt } from 'node:crypto';
import { KernelError } from '../../errors';
import type { OpenFile } from '../syscalls';

/** As many files as a process may have open by default on Linux. */
const MAX_OPEN_FILES = 1024;
const FIRST_SHARED = 0x8000_0000;
const LAST_SHARED = 0xffff_ffff;

/**
 * Files whose numbers are valid in all connections to a board. No number comes back before all others were used, and a
 * board starts somewhere: a number of an earlier board, or of a closed file, is hardly ever another file.
 */
export class SharedFiles {
  private readonly files = new Map<number, OpenFile>();
  private last = randomInt(FIRST_SHARED, LAST_SHARED);

  add(open: OpenFile): number {
    do {
      this.last = this.last === LAST_SHARED ? FIRST_SHARED : this.last + 1;
    } while (this.files.has(this.last));
    this.files.set(this.last, open);
    return this.last;
  }

  get(file: number): OpenFile | undefined {
    return this.files.get(file);
  }

  delete(file: number): void {
    this.files.delete(file);
  }
}

/** The open files of one client, by the lowest free number, as a process numbers its descriptors; shared ones have others. */
export class FileTable {
  private readonly files: (OpenFile | undefined)[] = [];
  private readonly ownShared = new Set<number>();

  constructor(private readonly shared: SharedFiles) {}

  /** @throws KernelError EMFILE */
  add(open: () => OpenFile, isShared: boolean): number {
    const free = this.files.indexOf(undefined);
    const file = free === -1 ? this.files.length : free;
    if (file + this.ownShared.size >= MAX_OPEN_FILES) throw new KernelError('open', 'EMFILE');
    if (isShared) {
      const number = this.shared.add(open());
      this.ownShared.add(number);
      return number;
    }
    this.files[file] = open();
    return file;
  }

  /** @throws KernelError EBADF */
  get(file: number): OpenFile {
    const open = file >= FIRST_SHARED ? this.shared.get(file) : this.files[file];
    if (open === undefined) throw new KernelError('file', 'EBADF');
    return open;
  }

  /** A shared file is closed by the client that opened it. @throws KernelError EBADF */
  close(file: number): void {
    const open = this.get(file);
    if (file >= FIRST_SHARED) {
      if (!this.ownShared.delete(file)) throw new KernelError('file', 'EBADF');
      this.shared.delete(file);
    } else {
      this.files[file] = undefined;
    }
    open.close();
  }

  closeAll(): void {
    for (const file of [...this.ownShared]) this.close(file);
    for (const file of this.files.splice(0)) file?.close();
  }
}
