import { constants } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { KernelError } from '../../errors';
import { HardwareFile } from './file';
import type { Kernel, KernelFile, OpenFlags } from '../kernel';

/** This machine's own kernel. */
export class HardwareKernel implements Kernel {
  readonly backend = 'hardware';
  private readonly files = new Set<KernelFile>();

  async open(path: string, flags: OpenFlags): Promise<KernelFile> {
    const mode = flags.access === 'read' ? constants.O_RDONLY : constants.O_RDWR;
    const handle = await asKernelCall(
      `opening ${path}`,
      path,
      open(path, mode | (flags.nonBlocking ? constants.O_NONBLOCK : 0)),
    );
    const file = new HardwareFile(handle, path, () => this.files.delete(file));
    this.files.add(file);
    return file;
  }

  async readFile(path: string): Promise<Uint8Array> {
    return asKernelCall(`opening ${path}`, path, readFile(path));
  }

  async readDirectory(path: string): Promise<string[]> {
    return asKernelCall(`opening ${path}`, path, readdir(path));
  }

  async stat(path: string): ReturnType<Kernel['stat']> {
    const status = await asKernelCall(`stat ${path}`, path, stat(path));
    if (status.isDirectory()) return { kind: 'directory', sizeBytes: 0 };
    if (status.isFile()) return { kind: 'file', sizeBytes: status.size };
    return { kind: 'device', sizeBytes: 0 };
  }

  async close(): Promise<void> {
    await Promise.all([...this.files].map((file) => file.close()));
  }
}

/** Turns Node's error into ours, with a hint where the reason is known. */
async function asKernelCall<T>(operation: string, path: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(operation, errno, {
      hint: hintFor(path, (error as NodeJS.ErrnoException).code),
      cause: error,
    });
  }
}

function hintFor(path: string, code: string | undefined): string | undefined {
  if (path === '/dev/jailhouse' && code === 'ENOENT') {
    return 'load the driver with insmod jailhouse.ko, or set CELLVISOR_BACKEND=emulated to use an emulated board';
  }
  if (/^\/dev\/uio\d+$/.test(path) && code === 'ENOENT') {
    return 'load uio_ivshmem.ko and enable a root cell with an ivshmem device, or set CELLVISOR_BACKEND=emulated';
  }
  if (path.startsWith('/dev/') && code === 'EACCES') return 'only root may open it: try again with sudo';
  return undefined;
}
