import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CellvisorError, KernelError } from '../../errors';

/**
 * Reads an input file as the C tool does (jailhouse-tools reference 2.1): as many bytes as its status says, in one read.
 *
 * @throws KernelError `opening PATH`, `fstat` or `reading PATH`; CellvisorError `insufficient memory`
 */
export function readInputFile(path: string): Uint8Array {
  const fd = named(`opening ${path}`, () => openSync(path, 'r'));
  try {
    const { size } = named('fstat', () => fstatSync(fd));
    const bytes = allocate(size);
    return bytes.subarray(
      0,
      named(`reading ${path}`, () => readSync(fd, bytes)),
    );
  } finally {
    closeSync(fd);
  }
}

function allocate(sizeBytes: number): Uint8Array {
  try {
    return new Uint8Array(sizeBytes);
  } catch (cause) {
    throw new CellvisorError('insufficient memory', { code: 'E_MEMORY', operation: 'read input file', cause });
  }
}

function named<T>(operation: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) {
      throw error;
    }
    throw new KernelError(operation, errno, { cause: error });
  }
}
