import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

/** Throws Node's own error when there is none. */
export async function readUserdata(domid: number, uuid: string, folder: string): Promise<string> {
  return readFileSync(userdataPath(domid, uuid, folder), 'utf8');
}

/** Removes all that any toolstack has kept about a domain: `userdata-d.DOMID.UUID.libxl-json` and its like. */
export async function removeUserdata(domid: number, folder: string): Promise<void> {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // Nothing was kept.
  }
  const own = names.filter((name) => name.startsWith('userdata-') && name.split('.')[1] === String(domid));
  for (const name of own) rmSync(join(folder, name), { force: true });
}
