import { KernelError } from '../../errors';
import type { ErrnoName } from '../../errno';

/** What xenstored refused, or why it could not be asked: `xenstore: reading /local/domain/3/name: No such file or directory`. */
export function xenstoreError(what: string, errno: ErrnoName, hint?: string, cause?: unknown): KernelError {
  return new KernelError(`xenstore: ${what}`, errno, { code: 'E_XENSTORE', hint, cause });
}

export function isXenstoreErrno(error: unknown, errno: ErrnoName): boolean {
  return error instanceof KernelError && error.code === 'E_XENSTORE' && error.errno === errno;
}
