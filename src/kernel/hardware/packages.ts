/**
 * The npm packages that make system calls, as far as they are used here. They are optional, and load on first use: each costs
 * milliseconds, and no emulated command needs any.
 */
import { createRequire } from 'node:module';
import type WorkerThreads from 'node:worker_threads';

/** Called with two or three arguments, or it aborts the process; a number as third argument is cut to 32 bits. */
export type IoctlPackage = (fd: number, request: number, argument?: Buffer) => number;

export interface RefPackage {
  /**
   * Where a buffer's bytes are. They stay there, but not longer than the buffer lives. (`writePointer` would hold on to it, but
   * keeps records of its own: 100,000 calls grow the process by tens of megabytes.)
   */
  address(buffer: Buffer): number;
}

type CType = 'int' | 'long' | 'size_t' | 'string' | 'pointer';

export interface FfiPackage {
  /** Functions of a shared library; null: of the program and what it is linked with. */
  Library(name: string | null, functions: Readonly<Record<string, readonly [CType, readonly CType[]]>>): unknown;
  errno(): number;
}

const packages = new Map<string, unknown>();

/** `ioctl` is built for one version of Node, and for the main thread: elsewhere it does not load. */
export function loadIoctl(): IoctlPackage | undefined {
  return load('ioctl') as IoctlPackage | undefined;
}

export function loadRef(): RefPackage | undefined {
  return load('ref-napi') as RefPackage | undefined;
}

/** Not in a worker thread, whose end it would not survive. */
export function loadFfi(): FfiPackage | undefined {
  return load('ffi-napi') as FfiPackage | undefined;
}

/** Undefined when a package is not installed, or does not load here. Tried once. */
function load(name: string): unknown {
  if (!packages.has(name)) packages.set(name, isMainThread() ? tryRequire(name) : undefined);
  return packages.get(name);
}

/** The module is asked for here because loading it costs as much as a system call's package. */
function isMainThread(): boolean {
  return (createRequire(__filename)('node:worker_threads') as typeof WorkerThreads).isMainThread;
}

function tryRequire(name: string): unknown {
  try {
    return createRequire(__filename)(name) as unknown;
  } catch {
    return undefined;
  }
}
