/** The functions of libc that Node lacks, by ffi-napi: for commands, once, on the main thread. */
import { arch } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { CellvisorError, KernelError } from '../../errors';
import { loadFfi } from './packages';
import type { FfiPackage } from './packages';

/** Linux's numbers; libc has no functions for these two. */
const SYSTEM_CALLS: Readonly<Record<string, { readonly finit_module: number; readonly delete_module: number }>> = {
  x64: { finit_module: 313, delete_module: 176 },
  arm64: { finit_module: 273, delete_module: 106 },
};

interface Functions {
  mlockall(flags: number): number;
  sched_setscheduler(pid: number, policy: number, parameters: Buffer): number;
  sched_setaffinity(pid: number, sizeBytes: number, mask: Buffer): number;
  finitModule(fd: number, parameters: string): number;
  deleteModule(name: string, flags: number): number;
}

let bound: { readonly ffi: FfiPackage; readonly functions: Functions } | undefined;

/**
 * Calls one of them. Numbers are C ints.
 *
 * @throws KernelError named `operation` when the call fails
 * @throws CellvisorError `E_FFI` where ffi-napi does not load, and in worker threads
 */
export function callLibc(operation: string, call: (libc: Functions) => number): number {
  bound ??= bind(operation);
  const result = call(bound.functions);
  if (result < 0) {
    const errno = bound.ffi.errno();
    throw new KernelError(operation, errno, {
      hint: errno === 1 ? 'only root may do this: try again with sudo' : undefined,
    });
  }
  return result;
}

function bind(operation: string): { readonly ffi: FfiPackage; readonly functions: Functions } {
  const ffi = loadFfi();
  if (ffi === undefined) {
    throw new CellvisorError(`${operation}: the package ffi-napi does not load`, {
      code: 'E_FFI',
      operation,
      hint: isMainThread ? 'npm rebuild ffi-napi says why' : 'it cannot be used in a worker thread',
    });
  }
  const library = ffi.Library(null, {
    mlockall: ['int', ['int']],
    sched_setscheduler: ['int', ['int', 'int', 'pointer']],
    sched_setaffinity: ['int', ['int', 'size_t', 'pointer']],
  }) as Pick<Functions, 'mlockall' | 'sched_setscheduler' | 'sched_setaffinity'>;
  const { finit_module, delete_module } = systemCalls(operation);
  const load = ffi.Library(null, { syscall: ['long', ['long', 'int', 'string', 'int']] }) as {
    syscall(number: number, fd: number, parameters: string, flags: number): number | string;
  };
  const unload = ffi.Library(null, { syscall: ['long', ['long', 'string', 'int']] }) as {
    syscall(number: number, name: string, flags: number): number | string;
  };
  const functions: Functions = {
    mlockall: (flags) => library.mlockall(flags),
    sched_setscheduler: (...args) => library.sched_setscheduler(...args),
    sched_setaffinity: (...args) => library.sched_setaffinity(...args),
    finitModule: (fd, parameters) => Number(load.syscall(finit_module, fd, parameters, 0)),
    deleteModule: (name, flags) => Number(unload.syscall(delete_module, name, flags)),
  };
  return { ffi, functions };
}

function systemCalls(operation: string) {
  const numbers = SYSTEM_CALLS[arch()];
  if (numbers === undefined) throw new KernelError(operation, 'ENOSYS');
  return numbers;
}
