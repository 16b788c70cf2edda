/**
 * The system calls that Node lacks, from native/syscalls. A failed call gives the negative errno as its result; arguments of
 * the wrong type throw a TypeError.
 */
import { loadAddon } from './addon';

/** Pages mapped into this process. */
export interface NativeMapping {
  readonly buffer: ArrayBuffer;
  /** Ends the mapping at once; `buffer` is detached. */
  unmap(): void;
}

export interface NativeRead {
  /** The bytes read, or a negative errno. */
  readonly result: Promise<Uint8Array | number>;
  /** The read ends with EINTR, unless it already has a result. */
  cancel(): void;
}

/** A pseudo-terminal in raw mode. */
export interface NativePty {
  /** What a terminal program opens. */
  readonly path: string;
  /** Descriptor of the other end: non-blocking. */
  readonly master: number;
  /** Descriptor of the terminal itself: while it is open, `master` is readable without an end. */
  readonly terminal: number;
}

export interface NativeReference {
  readonly offset: number;
  readonly buffer: Uint8Array;
  readonly references?: readonly NativeReference[];
}

export interface NativeSyscalls {
  /** A stream socket connected to the Unix socket with that path: its descriptor. */
  connectSocket(path: string): number;
  /** execve(2): this process becomes another program. Returns a negative errno when it cannot. */
  exec(path: string, args: readonly string[], environment: readonly string[]): number;
  /**
   * ioctl(2) off the main thread. The kernel sees a copy of `bytes` in which the address of each reference's buffer was
   * stored at its offset; the buffers are held in place until the call returns. References of a buffer are stored into it.
   */
  ioctl(
    fd: number,
    request: number,
    bytes: Uint8Array | undefined,
    references: readonly NativeReference[],
  ): Promise<number>;
  /** The same call on this thread. */
  ioctlNow(fd: number, request: number, bytes: Uint8Array | undefined, references: readonly NativeReference[]): number;
  /** flock(2), LOCK_EX, waiting for it. Lasts until every copy of the descriptor is closed. */
  lockFile(fd: number): Promise<number>;
  /** mmap(2), MAP_SHARED. EINVAL also for a range beyond the end of a regular file. */
  mapMemory(fd: number, offset: number, lengthBytes: number, isWritable: boolean): NativeMapping | number;
  /** Anonymous pages, locked (mlock(2)), all written, kept from children (MADV_DONTFORK). */
  allocateLocked(lengthBytes: number): NativeMapping | number;
  /** Waits with poll(2) on a thread of its own, then reads once. At most 1 MiB. */
  read(fd: number, lengthBytes: number): NativeRead | number;
  /** read(2) on this thread, into these bytes: how many came. */
  readHere(fd: number, into: Uint8Array): number;
  /** As `read`, on this thread: EAGAIN when nothing comes in so many milliseconds, of which there are 1000 at most. */
  readWithin(fd: number, lengthBytes: number, waitMs: number): Uint8Array | number;
  openPty(): NativePty | number;
  /** tcflush(3) of the terminal end: drops what nobody has read yet. */
  discardUnread(terminal: number): number;
}

/** @throws CellvisorError when the addon is not built */
export function loadSyscalls(): NativeSyscalls {
  return loadAddon<NativeSyscalls>();
}
