import { KernelError } from '../../errors';
import { loadSyscalls } from '../../native/syscalls';
import { MappedMemory } from '../mapped-memory';
import { ioctl } from './ioctl';
import type { FileHandle } from 'node:fs/promises';
import type { NativeRegisters } from '../../native/syscalls';
import type { IoctlArgument, KernelFile, RegisterWindow, SharedMemory } from '../kernel';

/** An open file of this machine. */
export class HardwareFile implements KernelFile {
  private readonly reads = new Set<{ cancel(): void; readonly result: Promise<unknown> }>();
  private isClosed = false;

  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly onClose: () => void,
  ) {}

  async ioctl(
    request: number,
    argument?: IoctlArgument,
    options: { readonly isQuick?: boolean } = {},
  ): Promise<number> {
    const number = request >>> 0;
    const operation = `ioctl 0x${number.toString(16)} on ${this.path}`;
    const fd = this.descriptor(operation);
    return checked(operation, await ioctl(fd, number, argument, options.isQuick ?? false));
  }

  async read(lengthBytes: number, options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const operation = `reading ${this.path}`;
    const fd = this.descriptor(operation);
    if (options.signal?.aborted) throw new KernelError(operation, 'EINTR');
    const read = checked(operation, loadSyscalls().read(fd, lengthBytes));
    const cancel = () => read.cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    this.reads.add(read);
    try {
      return checked(operation, await read.result);
    } finally {
      this.reads.delete(read);
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  async mapMemory(offset: number, lengthBytes: number, access: 'read' | 'read-write'): Promise<SharedMemory> {
    const operation = `mapping ${this.path}`;
    const fd = this.descriptor(operation);
    return new MappedMemory(
      checked(operation, loadSyscalls().mapMemory(fd, offset, lengthBytes, access === 'read-write')),
    );
  }

  async mapRegisters(offset: number, lengthBytes: number): Promise<RegisterWindow> {
    const operation = `mapping ${this.path}`;
    const registers = checked(operation, loadSyscalls().mapRegisters(this.descriptor(operation), offset, lengthBytes));
    return new HardwareRegisters(registers, this.path, lengthBytes);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose();
    // The descriptor's number must not be given to another file while a read still waits on it.
    for (const read of this.reads) read.cancel();
    await Promise.all([...this.reads].map((read) => read.result));
    await this.handle.close();
  }

  private descriptor(operation: string): number {
    if (this.isClosed) throw new KernelError(operation, 'EBADF');
    return this.handle.fd;
  }
}

class HardwareRegisters implements RegisterWindow {
  constructor(
    private readonly registers: NativeRegisters,
    private readonly path: string,
    readonly lengthBytes: number,
  ) {}

  async read32(offset: number): Promise<number> {
    return this.access(offset, () => this.registers.read32(offset));
  }

  async write32(offset: number, value: number): Promise<void> {
    this.access(offset, () => this.registers.write32(offset, value >>> 0));
  }

  unmap(): void {
    this.registers.unmap();
  }

  private access<T>(offset: number, access: () => T): T {
    try {
      return access();
    } catch (cause) {
      throw new KernelError(`register 0x${offset.toString(16)} of ${this.path}`, 'EFAULT', { cause });
    }
  }
}

/** The addon gives a negative errno in place of a result. */
function checked<T>(operation: string, result: T | number): T extends number ? number : T {
  if (typeof result === 'number' && result < 0) throw new KernelError(operation, result);
  return result as T extends number ? number : T;
}
