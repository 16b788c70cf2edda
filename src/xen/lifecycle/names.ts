import { CellvisorError } from '../../errors';
import type { Nodes } from '../xenstore/nodes';
import type { Xenstore } from '../xenstore/xenstore';

/** Names of all domains that xenstore knows, by id. */
export async function domainNames(nodes: Nodes): Promise<Map<number, string>> {
  const domids = (await nodes.directory('/local/domain')).filter((name) => /^\d+$/.test(name)).map(Number);
  const names = await Promise.all(domids.map((domid) => nodes.readIfThere(`/local/domain/${domid}/name`)));
  return new Map(domids.flatMap((domid, index) => (names[index] === undefined ? [] : [[domid, names[index]]])));
}

/**
 * The domain that a user means: a number is an id, whether there is such a domain or not, anything else a name.
 * @returns undefined for a name that no domain has
 */
export async function findDomid(nodes: Nodes, nameOrId: string): Promise<number | undefined> {
  if (/^\d{1,5}$/.test(nameOrId)) return Number(nameOrId);
  for (const [domid, name] of await domainNames(nodes)) {
    if (name === nameOrId) return domid;
  }
  return undefined;
}

/**
 * Gives a domain another name. Two renamings at the same time cannot give two domains the same one.
 * @throws CellvisorError `E_XEN_DOMAIN`: EEXIST for a name that is taken, EINVAL for none, ESRCH
 */
export async function renameDomain(store: Xenstore, domid: number, newName: string): Promise<void> {
  const refuse = (message: string, errno: 'EEXIST' | 'EINVAL' | 'ESRCH') =>
    new CellvisorError(message, { code: 'E_XEN_DOMAIN', operation: `renaming domain ${domid}`, errno });
  if (newName === '') throw refuse('a domain must have a name', 'EINVAL');
  await store.transaction(async (t) => {
    const names = await domainNames(t);
    if (!names.has(domid)) throw refuse(`there is no domain ${domid}`, 'ESRCH');
    for (const [other, name] of names) {
      if (other !== domid && name === newName)
        throw refuse(`domain ${other} has the name ${newName} already`, 'EEXIST');
    }
    await t.write(`/local/domain/${domid}/name`, newName);
    const vm = await t.readIfThere(`/local/domain/${domid}/vm`);
    if (vm?.startsWith('/vm/')) await t.write(`${vm}/name`, newName);
  });
}
