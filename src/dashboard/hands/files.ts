import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { strerror } from '../../errno';
import { CellvisorError } from '../../errors';
import type { FolderEntry } from '../model/dialog';

/** The most that one call can load (docs/wire.md has less). */
const LIMIT_BYTES = 2 ** 31 - 1;

/**
 * What is in a folder of the machine that the dashboard runs on.
 * @throws CellvisorError `E_FILE`
 */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(fileError(`reading ${resolve(folder)}`));
  return Promise.all(
    entries.map(async (entry) => {
      const status = await stat(join(folder, entry.name)).catch(() => undefined);
      return { name: entry.name, isFolder: status?.isDirectory() ?? false, sizeBytes: status?.size ?? 0 };
    }),
  );
}

/** @throws CellvisorError `E_FILE` */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  const failed = fileError(`reading ${path}`);
  const { size } = await stat(path).catch(failed);
  if (size > LIMIT_BYTES) {
    throw new CellvisorError(`${path}: too large to be loaded`, { code: 'E_FILE', operation: `reading ${path}` });
  }
  return readFile(path).catch(failed);
}

function fileError(operation: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new CellvisorError(
      `${operation}: ${error.errno === undefined ? error.message : strerror(Math.abs(error.errno))}`,
      {
        code: 'E_FILE',
        operation,
        cause: error,
      },
    );
  };
}
