import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { KernelError } from '../errors';
import { expose } from './exposition';
import type { Observation } from './observation';

/**
 * Writes metrics for the textfile collector of node_exporter, which may read the file at any time: it sees the old one or
 * the new one. The draft beside it has a name that the collector does not read.
 *
 * @param path ends with `.prom`, in the collector's folder
 * @throws KernelError `writing PATH`
 */
export async function writeTextfile(path: string, observation: Observation): Promise<void> {
  const text = await expose(observation, 'prometheus');
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, text, { mode: 0o644 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const { errno } = error as NodeJS.ErrnoException;
    throw errno === undefined ? error : new KernelError(`writing ${path}`, errno, { cause: error });
  }
}
