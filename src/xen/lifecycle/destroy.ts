import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CellvisorError, KernelError } from '../../errors';
import { removeAllDevices } from '../devices/list';
import { removeUpwards } from '../devices/nodes';
import type { DeviceTimeouts } from '../devices/timeouts';
import type { Xenstore } from '../xenstore/xenstore';

/** Where toolstacks keep the configurations of running domains (xen-abi reference 13). */
const USERDATA_FOLDER = '/var/lib/xen';

/** As much of Xen as ends a domain: `Hypervisor.domains`. */
export interface DomainKiller {
  info(domid: number): Promise<{ readonly flags: number } | undefined>;
  pause(domid: number): Promise<void>;
  /** Resolves when all of the domain's memory was given back. */
  destroy(domid: number): Promise<void>;
}

export interface DestroyOptions {
  readonly timeoutsMs?: DeviceTimeouts;
  readonly userdataFolder?: string;
}

/**
 * Ends a domain at once, and removes all that any toolstack has kept about it. A domain whose creation or destruction was cut
 * short at any step is cleared as well, and so are the nodes of one that Xen does not have any more.
 *
 * @returns what did not go as it should, one line each
 * @throws CellvisorError `E_XEN_DOMAIN`: ESRCH when there is nothing of such a domain, EPERM for domain 0
 */
export async function destroyDomain(
  store: Xenstore,
  domains: DomainKiller,
  domid: number,
  { timeoutsMs, userdataFolder = USERDATA_FOLDER }: DestroyOptions = {},
): Promise<string[]> {
  if (domid === 0) throw destroyError(domid, 'domain 0 cannot be destroyed from within', 'EPERM');
  const isThere = (await domains.info(domid)) !== undefined;
  const vmPath = await store.readIfThere(`/local/domain/${domid}/vm`);
  const roots = [`/local/domain/${domid}`, `/libxl/${domid}`];
  if (!isThere && !(await hasAny(store, roots))) throw destroyError(domid, `there is no domain ${domid}`, 'ESRCH');
  // Nothing of it may run while its devices go; one that ends by itself meanwhile is all the better.
  if (isThere) await unlessGone(domains.pause(domid));
  const problems = await removeAllDevices(store, domid, timeoutsMs ? { timeoutsMs } : {});
  if (isThere) await unlessGone(domains.destroy(domid));
  await store.transaction(async (t) => {
    if (vmPath !== undefined && /^\/vm\/[-0-9a-f]+$/.test(vmPath)) await t.rm(vmPath);
    for (const path of roots) await t.rm(path);
    // Backends of kinds that are not ours to add.
    for (const kind of await t.directoryIfThere('/local/domain/0/backend')) {
      const path = `/local/domain/0/backend/${kind}/${domid}`;
      if ((await t.readIfThere(path)) !== undefined) await removeUpwards(t, path);
    }
  });
  await removeUserdata(userdataFolder, domid);
  return problems;
}

async function hasAny(store: Xenstore, paths: readonly string[]): Promise<boolean> {
  const values = await Promise.all(paths.map((path) => store.readIfThere(path)));
  return values.some((value) => value !== undefined);
}

async function unlessGone(call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== 'ESRCH') throw error;
  }
}

/** `userdata-d.DOMID.UUID.libxl-json` and its like. */
async function removeUserdata(folder: string, domid: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => name.startsWith('userdata-') && name.split('.')[1] === String(domid));
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}

function destroyError(domid: number, message: string, errno: 'ESRCH' | 'EPERM'): CellvisorError {
  return new CellvisorError(message, { code: 'E_XEN_DOMAIN', operation: `destroying domain ${domid}`, errno });
}
