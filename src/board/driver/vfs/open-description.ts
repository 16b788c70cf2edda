import { KernelError } from '../../../errors';
import type { ErrnoName } from '../../../errno';
import type { AccessMode, OpenFile, OpenFileFlags, SharedPages, UserArgument } from '../../syscalls';

/** Events of poll(2), Linux's values. */
export const POLL_READABLE = 0x0001 | 0x0040;
export const POLL_ERROR = 0x0008;

/** The flags of an open file, which its driver looks at with every call: fcntl(2) may change them. */
export type FileFlags = { -readonly [Flag in keyof OpenFileFlags]: OpenFileFlags[Flag] };

/**
 * What a driver does for an open file. What it leaves out fails as it does in Linux. `signal` aborts when the caller gets a
 * signal, and when the file is closed.
 */
export interface FileOperations {
  ioctl?(request: number, argument: UserArgument | undefined, signal: AbortSignal): Promise<number>;
  read?(lengthBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Left out: always readable, as files of drivers without a poll handler are. */
  poll?(signal: AbortSignal): Promise<number>;
  mapMemory?(offset: number, lengthBytes: number, access: AccessMode): SharedPages;
  mapRegisters?(offset: number, lengthBytes: number): void;
  readRegister32?(offset: number): number;
  writeRegister32?(offset: number, value: number): void;
  /** The file was closed. */
  release?(): void;
}

/** An open file description: lets calls through to the driver until it is closed. */
export class OpenDescription implements OpenFile {
  private isClosed = false;
  /** Ends each call that is in progress. */
  private readonly interrupts = new Set<() => void>();

  constructor(
    private readonly path: string,
    private readonly operations: FileOperations,
    private readonly flags: FileFlags,
    private readonly onClosed: (file: OpenFile) => void,
  ) {}

  async ioctl(request: number, argument: UserArgument | undefined, signal?: AbortSignal): Promise<number> {
    this.requireOpen();
    const { operations } = this;
    if (!hasOperation(operations, 'ioctl')) {
      throw this.error('ENOTTY');
    }
    return await this.interruptible(signal, (either) => operations.ioctl(request, argument, either));
  }

  async read(lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.requireOpen();
    const { operations } = this;
    if (!hasOperation(operations, 'read')) {
      throw this.error('EINVAL');
    }
    return await this.interruptible(signal, (either) => operations.read(lengthBytes, either));
  }

  async poll(signal?: AbortSignal): Promise<number> {
    this.requireOpen();
    const { operations } = this;
    return hasOperation(operations, 'poll')
      ? await this.interruptible(signal, (either) => operations.poll(either))
      : POLL_READABLE;
  }

  setNonBlocking(nonBlocking: boolean): void {
    this.requireOpen();
    this.flags.nonBlocking = nonBlocking;
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
    if (!this.isClosed) {
      this.isClosed = true;
      for (const interrupt of this.interrupts) {
        interrupt();
      }
      this.operations.release?.();
      this.onClosed(this);
    }
  }

  /** Runs a call with a signal that aborts with the caller's, and when this file is closed. Nothing of it stays behind. */
  private async interruptible<T>(
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const either = new AbortController();
    const interrupt = () => either.abort();
    if (signal?.aborted) {
      interrupt();
    }
    signal?.addEventListener('abort', interrupt);
    this.interrupts.add(interrupt);
    try {
      return await call(either.signal);
    } finally {
      this.interrupts.delete(interrupt);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  private requireOpen(): void {
    if (this.isClosed) {
      throw this.error('EBADF');
    }
  }

  private error(errno: ErrnoName): KernelError {
    return new KernelError(this.path, errno);
  }
}

function hasOperation<Name extends keyof FileOperations>(
  operations: FileOperations,
  name: Name,
): operations is FileOperations & Required<Pick<FileOperations, Name>> {
  return operations[name] !== undefined;
}
