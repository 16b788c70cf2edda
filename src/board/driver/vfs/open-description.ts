import { KernelError } from '../../../errors';
import type { ErrnoName } from '../../../errno';
import type { AccessMode, OpenFile, SharedPages, UserArgument } from '../../syscalls';

/**
 * What a driver does for an open file. What it leaves out fails as it does in Linux. `signal` aborts when the caller gets a
 * signal, and when the file is closed.
 */
export interface FileOperations {
  ioctl?(request: number, argument: UserArgument | undefined, signal: AbortSignal): Promise<number>;
  read?(lengthBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  mapMemory?(offset: number, lengthBytes: number, access: AccessMode): SharedPages;
  mapRegisters?(offset: number, lengthBytes: number): void;
  readRegister32?(offset: number): number;
  writeRegister32?(offset: number, value: number): void;
  /** The file was closed. */
  release?(): void;
}

/** An open file description: lets calls through to the driver until it is closed. */
export class OpenDescription implements OpenFile {
  private readonly closing = new AbortController();

  constructor(
    private readonly path: string,
    private readonly operations: FileOperations,
    private readonly onClosed: (file: OpenFile) => void,
  ) {}

  async ioctl(request: number, argument: UserArgument | undefined, signal?: AbortSignal): Promise<number> {
    this.requireOpen();
    if (!this.operations.ioctl) {
      throw this.error('ENOTTY');
    }
    return await this.operations.ioctl(request, argument, this.interruption(signal));
  }

  async read(lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.requireOpen();
    if (!this.operations.read) {
      throw this.error('EINVAL');
    }
    return await this.operations.read(lengthBytes, this.interruption(signal));
  }

  mapMemory(offset: number, lengthBytes: number, access: AccessMode): SharedPages {
    this.requireOpen();
    if (!this.operations.mapMemory) {
      throw this.error('ENODEV');
    }
    return this.operations.mapMemory(offset, lengthBytes, access);
  }

  mapRegisters(offset: number, lengthBytes: number): void {
    this.requireOpen();
    if (!this.operations.mapRegisters) {
      throw this.error('ENODEV');
    }
    this.operations.mapRegisters(offset, lengthBytes);
  }

  readRegister32(offset: number): number {
    this.requireOpen();
    if (!this.operations.readRegister32) {
      throw this.error('EFAULT');
    }
    return this.operations.readRegister32(offset);
  }

  writeRegister32(offset: number, value: number): void {
    this.requireOpen();
    if (!this.operations.writeRegister32) {
      throw this.error('EFAULT');
    }
    this.operations.writeRegister32(offset, value);
  }

  close(): void {
    if (!this.closing.signal.aborted) {
      this.closing.abort();
      this.operations.release?.();
      this.onClosed(this);
    }
  }

  private interruption(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
  }

  private requireOpen(): void {
    if (this.closing.signal.aborted) {
      throw this.error('EBADF');
    }
  }

  private error(errno: ErrnoName): KernelError {
    return new KernelError(this.path, errno);
  }
}
