import { closeSync, openSync } from 'node:fs';
import { KernelError } from '../../errors';
import { callLibc } from './libc';

/** Do not wait until nobody uses the module: delete_module(2). */
const O_NONBLOCK = 0o4000;

/**
 * Loads a kernel module, as insmod(8) does.
 *
 * @param parameters such as `debug=1`
 * @throws KernelError: ENOEXEC for another kernel's module, EEXIST when it is loaded, EPERM
 */
export function loadModule(path: string, parameters: readonly string[]): void {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new KernelError(`opening ${path}`, (error as NodeJS.ErrnoException).errno ?? 'EIO', { cause: error });
  }
  try {
    callLibc(`loading ${path}`, (libc) => libc.finitModule(fd, parameters.join(' ')));
  } finally {
    closeSync(fd);
  }
}

/**
 * Unloads a kernel module, as rmmod(8) does.
 *
 * @throws KernelError: ENOENT when it is not loaded, EWOULDBLOCK or EBUSY while it is in use, EPERM
 */
export function unloadModule(name: string): void {
  callLibc(`unloading ${name}`, (libc) => libc.deleteModule(name, O_NONBLOCK));
}
