import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { KernelError } from '../../errors';
import { loadSyscalls } from '../../native/syscalls';
import { MappedMemory } from '../mapped-memory';
import { HardwareFile } from './file';
import { KeptAttributes } from './kept-attributes';
import type { Kernel, KernelFile, OpenFlags, SharedMemory } from '../kernel';

/** More than a sysfs attribute holds, so that one is read at once. */
const PART_BYTES = 16 * 1024;
/** One for all: a thousand files that are read at once would else leave megabytes to be collected. */
const part = Buffer.allocUnsafe(PART_BYTES);

/**
 * This machine's own kernel. Files of sysfs and procfs are read on this thread: that takes microseconds, where another thread
 * would take a command's start longer.
 */
export class HardwareKernel implements Kernel {
  readonly backend = 'hardware';
  private readonly files = new Set<KernelFile>();
  /** Of `readFiles`. */
  private readonly attributes = new KeptAttributes();

  async open(path: string, flags: OpenFlags): Promise<HardwareFile> {
    // A terminal, such as the console of a domain, must not become the one that controls this process.
    const mode = (flags.access === 'read' ? constants.O_RDONLY : constants.O_RDWR) | constants.O_NOCTTY;
    const operation = `opening ${path}`;
    const fd = kernelCall(operation, path, () => {
      try {
        return openSync(path, mode | (flags.nonBlocking ? constants.O_NONBLOCK : 0));
      } catch (error) {
        // Of a device, this says that there is none behind its file.
        if ((error as NodeJS.ErrnoException).code === 'ENXIO' && statSync(path).isSocket())
          return connect(path, operation);
        throw error;
      }
    });
    const file = new HardwareFile(fd, path, () => this.files.delete(file));
    this.files.add(file);
    return file;
  }

  async readFile(path: string): Promise<Uint8Array> {
    return contentOf(path);
  }

  async readFiles(paths: readonly string[]): ReturnType<Kernel['readFiles']> {
    return paths.map((path) => {
      try {
        return this.attributes.read(path) ?? this.firstContentOf(path);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        return error;
      }
    });
  }

  async readDirectory(path: string): Promise<string[]> {
    return kernelCall(`opening ${path}`, path, () => readdirSync(path));
  }

  async stat(path: string): ReturnType<Kernel['stat']> {
    const status = kernelCall(`stat ${path}`, path, () => statSync(path));
    if (status.isDirectory()) return { kind: 'directory', sizeBytes: 0 };
    if (status.isFile()) return { kind: 'file', sizeBytes: status.size };
    return { kind: 'device', sizeBytes: 0 };
  }

  async allocateLocked(lengthBytes: number): Promise<SharedMemory> {
    const mapping = loadSyscalls().allocateLocked(lengthBytes);
    if (typeof mapping !== 'number') return new MappedMemory(mapping);
    throw new KernelError(`locking ${lengthBytes} bytes in memory`, mapping, {
      hint: 'ulimit -l says how much may be locked',
    });
  }

  async close(): Promise<void> {
    this.attributes.close();
    await Promise.all([...this.files].map((file) => file.close()));
  }

  private firstContentOf(path: string): Uint8Array {
    const content = contentOf(path);
    this.attributes.keep(path);
    return content;
  }
}

function connect(path: string, operation: string): number {
  const fd = loadSyscalls().connectSocket(path);
  if (fd < 0) throw new KernelError(operation, fd);
  return fd;
}

function contentOf(path: string): Uint8Array {
  const fd = kernelCall(`opening ${path}`, path, () => openSync(path, constants.O_RDONLY));
  try {
    return kernelCall(`reading ${path}`, path, () => readToEnd(fd));
  } finally {
    closeSync(fd);
  }
}

/** Reads until nothing comes any more: neither a size nor a short read says where a file of sysfs or procfs ends. */
function readToEnd(fd: number): Uint8Array {
  const parts: Buffer[] = [];
  // A large file comes in one piece. Files of sysfs and procfs say any size, or none.
  const { size } = fstatSync(fd);
  let room = size > PART_BYTES ? Buffer.allocUnsafe(size) : part;
  for (;;) {
    const lengthBytes = readSync(fd, room);
    if (lengthBytes === 0) return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const read = room.subarray(0, lengthBytes);
    parts.push(room === part ? Buffer.from(read) : read);
    if (room !== part) room = lengthBytes < room.length ? room.subarray(lengthBytes) : part;
  }
}

/** Turns Node's error into ours, with a hint where the reason is known. */
function kernelCall<T>(operation: string, path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { errno, code } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(operation, errno, { hint: hintFor(path, code), cause: error });
  }
}

function hintFor(path: string, code: string | undefined): string | undefined {
  if (path === '/dev/jailhouse' && code === 'ENOENT') {
    return 'load the driver with insmod jailhouse.ko, or set CELLVISOR_BACKEND=emulated to use an emulated board';
  }
  if (/^\/dev\/uio\d+$/.test(path) && code === 'ENOENT') {
    return 'load uio_ivshmem.ko and enable a root cell with an ivshmem device, or set CELLVISOR_BACKEND=emulated';
  }
  if (path.startsWith('/dev/xen/') && code === 'ENOENT') return 'this is for a dom0 of Xen: is Xen running?';
  if (path.startsWith('/dev/') && code === 'EACCES') return 'only root may open it: try again with sudo';
  return undefined;
}
