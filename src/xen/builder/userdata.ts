import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where toolstacks keep what they know about a domain; `xl list -l` prints it (xen-abi reference 13). */
export const USERDATA_FOLDER = '/var/lib/xen';

export function userdataPath(domid: number, uuid: string, folder: string): string {
  return join(folder, `userdata-d.${domid}.${uuid}.libxl-json`);
}

/** Replaces the file at once: whoever reads it sees the old or the new one. */
export async function writeUserdata(domid: number, uuid: string, text: string, folder: string): Promise<void> {
  const path = userdataPath(domid, uuid, folder);
  const draft = `${path}.new.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}

/** Throws Node's own error when there is none. */
export async function readUserdata(domid: number, uuid: string, folder: string): Promise<string> {
  return readFile(userdataPath(domid, uuid, folder), 'utf8');
}

/** Removes all that is kept about a domain. */
export async function removeUserdata(domid: number, uuid: string, folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter(
    (name) => /^userdata-.\./.test(name) && name.startsWith(`.${domid}.${uuid}.`, 'userdata-d'.length),
  );
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}
