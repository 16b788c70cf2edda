import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigFile } from '../../jailhouse/explain/refusal';

/** Where cell configs usually are: here, in a `cells` folder, and where NXP's images install them. */
const FOLDERS = ['.', 'cells', '/usr/share/jailhouse/cells'];
/** No config is larger: the hypervisor refuses one of more than 16 pages. */
const LIMIT_BYTES = 16 * 4096;

/** Files that may be the config of a cell of this name. The name itself stands in the file, as bytes. */
export async function findCellConfigs(name: string): Promise<ConfigFile[]> {
  const wanted = Buffer.from(`${name}\0`);
  return (await configsAtHand()).filter(({ bytes }) => Buffer.from(bytes).includes(wanted));
}

/** All configs in these folders. */
export async function configsAtHand(): Promise<ConfigFile[]> {
  return (await Promise.all(FOLDERS.map(configsIn))).flat();
}

async function configsIn(folder: string): Promise<ConfigFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.cell')).map((name) => join(folder, name));
  return (await Promise.all(files.map(readSmall))).filter((file) => file !== undefined);
}

async function readSmall(path: string): Promise<ConfigFile | undefined> {
  try {
    return (await stat(path)).size <= LIMIT_BYTES ? { path, bytes: await readFile(path) } : undefined;
  } catch {
    return undefined; // Not readable: then it explains nothing.
  }
}
