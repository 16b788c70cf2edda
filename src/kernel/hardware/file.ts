import { closeSync, write, writeSync } from 'node:fs';
import { errnoNumber } from '../../errno';
import { KernelError } from '../../errors';
import { loadSyscalls } from '../../native/syscalls';
import { MappedMemory } from '../mapped-memory';
import { ioctl } from './ioctl';
import { HardwareRegisters } from './registers';
import type { IoctlArgument, KernelFile, ReadOptions, RegisterWindow, SharedMemory } from '../kernel';

/** An open file of this machine. */
export class HardwareFile implements KernelFile {
  private readonly reads = new Set<{ cancel(): void; readonly result: Promise<unknown> }>();
  private readonly requests = new Set<Promise<number>>();
  private isClosed = false;

  constructor(
    private readonly fd: number,
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
    const result = ioctl(fd, number, argument, options.isQuick ?? false);
    this.requests.add(result);
    try {
      return checked(operation, await result);
    } finally {
      this.requests.delete(result);
    }
  }

  async read(lengthBytes: number, options: ReadOptions = {}): Promise<Uint8Array> {
    const operation = `reading ${this.path}`;
    const fd = this.descriptor(operation);
    if (options.signal?.aborted) throw new KernelError(operation, 'EINTR');
    if (options.waitHereMs !== undefined) {
      const bytes = loadSyscalls().readWithin(fd, lengthBytes, options.waitHereMs);
      if (bytes !== -errnoNumber('EAGAIN') && bytes !== -errnoNumber('EINTR')) return checked(operation, bytes);
    }
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

  readHere(into: Uint8Array): number {
    const operation = `reading ${this.path}`;
    const fd = this.descriptor(operation);
    return checked(operation, loadSyscalls().readHere(fd, into));
  }

  async write(bytes: Uint8Array, { isQuick = false }: { readonly isQuick?: boolean } = {}): Promise<number> {
    const operation = `writing ${this.path}`;
    const fd = this.descriptor(operation);
    if (isQuick) return now(operation, () => writeSync(fd, bytes));
    const result = new Promise<number>((resolve) =>
      write(fd, bytes, (error, writtenBytes) =>
        resolve(error === null ? writtenBytes : (error.errno ?? -errnoNumber('EIO'))),
      ),
    );
    this.requests.add(result);
    try {
      return checked(operation, await result);
    } finally {
      this.requests.delete(result);
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
    const mapping = checked(operation, loadSyscalls().mapMemory(this.descriptor(operation), offset, lengthBytes, true));
    return new HardwareRegisters(mapping, this.path, lengthBytes);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose();
    // The descriptor's number must not be given to another file while a call still uses it.
    for (const read of this.reads) read.cancel();
    await Promise.allSettled([...this.requests, ...[...this.reads].map((read) => read.result)]);
    closeSync(this.fd);
  }

  private descriptor(operation: string): number {
    if (this.isClosed) throw new KernelError(operation, 'EBADF');
    return this.fd;
  }
}

/** A call of Node's on this thread. */
function now(operation: string, call: () => number): number {
  try {
    return call();
  } catch (error) {
    throw new KernelError(operation, (error as NodeJS.ErrnoException).errno ?? 'EIO', { cause: error });
  }
}

/** The addon gives a negative errno in place of a result. */
function checked<T>(operation: string, result: T | number): T extends number ? number : T {
  if (typeof result === 'number' && result < 0) throw new KernelError(operation, result);
  return result as T extends number ? number : T;
}
