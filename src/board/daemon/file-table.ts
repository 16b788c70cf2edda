import { KernelError } from '../../errors';
import type { OpenFile } from '../syscalls';

/** As many files as a process may have open by default on Linux. */
const MAX_OPEN_FILES = 1024;

/** The open files of one client, by the lowest free number, as a process numbers its descriptors. */
export class FileTable {
  private readonly files: (OpenFile | undefined)[] = [];

  /** @throws KernelError EMFILE */
  add(open: () => OpenFile): number {
    const free = this.files.indexOf(undefined);
    const file = free === -1 ? this.files.length : free;
    if (file >= MAX_OPEN_FILES) throw new KernelError('open', 'EMFILE');
    this.files[file] = open();
    return file;
  }

  /** @throws KernelError EBADF */
  get(file: number): OpenFile {
    const open = this.files[file];
    if (open === undefined) throw new KernelError('file', 'EBADF');
    return open;
  }

  /** @throws KernelError EBADF */
  close(file: number): void {
    const open = this.get(file);
    this.files[file] = undefined;
    open.close();
  }

  closeAll(): void {
    for (const file of this.files.splice(0)) file?.close();
  }
}
