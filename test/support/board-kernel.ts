import { KernelError } from '../../src/errors';
import type { Kernel, KernelFile, OpenFlags, SharedMemory } from '../../src/kernel/kernel';
import type { OpenFile, SystemCalls } from '../../src/board/syscalls';

/** The seam over a board in this process: what the daemon and its client do, without the socket. Nothing can be mapped. */
export class BoardKernel implements Kernel {
  readonly backend = 'emulated';

  constructor(private readonly board: SystemCalls) {}

  async open(path: string, { access, nonBlocking = false }: OpenFlags): Promise<KernelFile> {
    return kernelFile(this.board.open(path, { access, nonBlocking }));
  }

  async readFile(path: string): Promise<Uint8Array> {
    return this.board.readFile(path);
  }

  readFiles(paths: readonly string[]): ReturnType<Kernel['readFiles']> {
    return Promise.all(paths.map((path) => this.readFile(path).catch((error: KernelError) => error)));
  }

  async readDirectory(path: string): Promise<string[]> {
    return this.board.readDirectory(path);
  }

  async allocateLocked(lengthBytes: number): Promise<SharedMemory> {
    throw new KernelError(`locking ${lengthBytes} bytes in memory`, 'ENOSYS');
  }

  async stat(path: string): ReturnType<Kernel['stat']> {
    return this.board.stat(path);
  }

  async close(): Promise<void> {}
}

function kernelFile(file: OpenFile): KernelFile {
  return {
    ioctl: (request, argument) => file.ioctl(request, argument),
    read: (lengthBytes, { signal } = {}) => file.read(lengthBytes, signal),
    write: () => Promise.reject(new Error('no device of a board is written to')),
    mapMemory: () => Promise.reject(new Error('a board in this process shares no pages')),
    mapRegisters: async (offset, lengthBytes) => {
      file.mapRegisters(offset, lengthBytes);
      return {
        lengthBytes,
        read32: async (register) => file.readRegister32(offset + register),
        write32: async (register, value) => file.writeRegister32(offset + register, value),
        unmap: () => undefined,
      };
    },
    close: async () => file.close(),
  };
}
