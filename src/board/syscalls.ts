/**
 * What an emulated board answers: the system calls that a client's kernel seam needs, in process. The daemon forwards
 * messages to it; tests call it directly. Types only.
 *
 * Every method fails with KernelError (src/errors.ts) that carries the errno the real kernel would give, and no hint:
 * a kernel gives none.
 */

/**
 * An ioctl argument as user memory: `bytes` are what the argument pointer points at, a reference says that the 64-bit
 * pointer stored at `offset` within `bytes` points at `buffer`. Nothing else is readable: the driver's copies that reach
 * beyond a buffer fail with EFAULT.
 */
export interface UserArgument {
  readonly bytes: Uint8Array;
  readonly references: readonly { readonly offset: number; readonly buffer: Uint8Array }[];
}

export type AccessMode = 'read' | 'read-write';

export interface OpenFileFlags {
  readonly access: AccessMode;
  readonly nonBlocking: boolean;
}

/** Pages of board memory that other processes can map: open `path`, map from `offset` bytes on. */
export interface SharedPages {
  readonly path: string;
  readonly offset: bigint;
}

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'device';
  /** Bytes; 0 for directories and devices, the page size for sysfs attributes, as Linux reports it. */
  readonly sizeBytes: number;
}

/** An open file description. */
export interface OpenFile {
  /**
   * ioctl(2). A request without argument passes `undefined`.
   * @param signal aborting it is a signal to the caller: the call ends with EINTR where the driver can be interrupted
   * @returns the non-negative result
   */
  ioctl(request: number, argument: UserArgument | undefined, signal?: AbortSignal): Promise<number>;
  /**
   * read(2): at most `lengthBytes`. Empty at the end of the file. EAGAIN when the file was opened non-blocking and nothing
   * is there; EINTR when `signal` aborts or the file is closed while the call waits.
   */
  read(lengthBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** mmap(2), MAP_SHARED, of memory. ENODEV when the file cannot be mapped, EINVAL for a range outside of a map. */
  mapMemory(offset: number, lengthBytes: number, access: AccessMode): SharedPages;
  /**
   * mmap(2), MAP_SHARED, of device registers. Accesses then go through `readRegister32` and `writeRegister32`, whose
   * offsets count from the file's offset 0, as those of this call do. Same errno as `mapMemory`.
   */
  mapRegisters(offset: number, lengthBytes: number): void;
  /** A 32-bit access to a mapped register page (UIO map 0 and any other map of device registers). */
  readRegister32(offset: number): number;
  writeRegister32(offset: number, value: number): void;
  /**
   * poll(2) for POLLIN: resolves when a read would not wait. EINTR when `signal` aborts or the file is closed meanwhile.
   * @returns the events: POLLIN and POLLRDNORM, or POLLERR
   */
  poll(signal?: AbortSignal): Promise<number>;
  /** fcntl(2) with F_SETFL: O_NONBLOCK from the next read on. */
  setNonBlocking(nonBlocking: boolean): void;
  /** Ends waiting calls with EINTR. Further calls fail with EBADF; closing twice does nothing. */
  close(): void;
}

/** The system calls of one board. Paths are absolute and normal (`/dev/uio0`, `/sys/devices/jailhouse/enabled`). */
export interface SystemCalls {
  /** ENOENT when the path does not exist, EISDIR for a directory, EACCES when the file cannot be opened that way. */
  open(path: string, flags: OpenFileFlags): OpenFile;
  /** Whole content of a regular, sysfs or procfs file. */
  readFile(path: string): Uint8Array;
  /** Names in a directory. */
  readDirectory(path: string): string[];
  stat(path: string): FileStatus;
}
