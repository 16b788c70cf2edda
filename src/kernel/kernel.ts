/**
 * The one seam. Everything above it is the same program on a board and in CI; everything below answers system calls,
 * from the real kernel (hardware/) or from an emulated board (emulated/). Types and promises only.
 *
 * Every method rejects with KernelError (src/errors.ts): errno name and number as the system call would give them.
 */
import type { KernelError } from '../errors';

/** An ioctl argument that carries user pointers: `bytes` is the struct, each reference a buffer whose address belongs at `offset`. */
export interface IoctlArgument {
  readonly bytes: Uint8Array;
  readonly references: readonly IoctlReference[];
}

/**
 * A buffer that the eight bytes at `offset` point to. What it points to in turn is stored into the buffer itself. A buffer that
 * lies in mapped pages has its address there: nothing is copied.
 */
export interface IoctlReference {
  readonly offset: number;
  readonly buffer: Uint8Array;
  readonly references?: readonly IoctlReference[];
}

export interface OpenFlags {
  readonly access: 'read' | 'read-write';
  readonly nonBlocking?: boolean;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly waitHereMs?: number;
}

/** An open file description. Blocking calls wait without blocking the event loop. */
export interface KernelFile {
  /**
   * ioctl(2). Without an argument, the third parameter is absent, as in `_IO` requests.
   * @param options `isQuick`: it takes milliseconds at most, and may be made where it holds up this thread
   * @returns the system call's non-negative result
   */
  ioctl(request: number, argument?: IoctlArgument, options?: { readonly isQuick?: boolean }): Promise<number>;
  /**
   * read(2): at most `lengthBytes`; an empty array is end of file. EAGAIN when non-blocking and nothing is there. EINTR when
   * `signal` aborts, or the file is closed, while the call waits.
   * @param options `waitHereMs`: what is read comes at once, as an answer does; this thread may wait for it so long, before the
   *   wait goes on elsewhere
   */
  read(lengthBytes: number, options?: ReadOptions): Promise<Uint8Array>;
  /**
   * read(2) on this thread, which has nothing else to do: the shortest way from an event to its reader. Nothing but a signal to
   * the process ends the wait. Absent where the file is not this machine's.
   * @returns how many bytes of `into` were read
   * @throws KernelError as `read` rejects
   */
  readHere?(into: Uint8Array): number;
  /**
   * write(2), once: the system call may take fewer bytes than it was given. EAGAIN when non-blocking and there is no room.
   * @param options `isQuick`: as of an ioctl
   * @returns how many bytes were taken
   */
  write(bytes: Uint8Array, options?: { readonly isQuick?: boolean }): Promise<number>;
  /** mmap(2), MAP_SHARED, of ordinary memory: real pages that others see. */
  mapMemory(offset: number, lengthBytes: number, access: 'read' | 'read-write'): Promise<SharedMemory>;
  /**
   * mmap(2), MAP_SHARED, of device registers: accesses of exactly 32 bits, in program order. Keep the file open while the
   * window is in use. An access outside of the window, or after `unmap`, fails with EFAULT.
   */
  mapRegisters(offset: number, lengthBytes: number): Promise<RegisterWindow>;
  close(): Promise<void>;
}

export interface SharedMemory {
  readonly bytes: Uint8Array;
  /** After this, `bytes` has length 0. */
  unmap(): void;
}

export interface RegisterWindow {
  readonly lengthBytes: number;
  read32(offset: number): Promise<number>;
  write32(offset: number, value: number): Promise<void>;
  unmap(): void;
}

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'device';
  readonly sizeBytes: number;
}

/** Who answers on another machine. */
export interface Agent {
  /** The machine, as it was given. */
  readonly host: string;
  /** Whom it runs as there; undefined while nobody has answered yet. */
  readonly userId: number | undefined;
  /** Asks for what is no system call. KernelError EINTR when `signal` aborts. */
  call(method: string, parameters: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown>;
}

export interface Kernel {
  /** `hardware` or `emulated`: shown to people, never branched on. */
  readonly backend: 'hardware' | 'emulated';
  /** Present for the kernel of another machine: beside it are files that a command keeps there. */
  readonly agent?: Agent;
  /** open(2). A Unix socket is connected to, as a stream. */
  open(path: string, flags: OpenFlags): Promise<KernelFile>;
  /** The whole content of a sysfs or procfs file. */
  readFile(path: string): Promise<Uint8Array>;
  /**
   * `readFile` of many files in one call: what a sample of the whole board is made of.
   * @returns for each path, in this order, the file's content or why it could not be read. Rejects only when no file could
   *   be asked for: the board went away
   */
  readFiles(paths: readonly string[]): Promise<readonly (Uint8Array | KernelError)[]>;
  /** Names in a directory, in no particular order. */
  readDirectory(path: string): Promise<string[]>;
  /** stat(2), as far as anyone needs it. */
  stat(path: string): Promise<FileStatus>;
  /**
   * Zeroed pages of this process's own that stay where they are: locked in memory, written once, not shared with children.
   * For a hypervisor that is given their address.
   */
  allocateLocked(lengthBytes: number): Promise<SharedMemory>;
  /** Ends connections; open files become useless. */
  close(): Promise<void>;
}
