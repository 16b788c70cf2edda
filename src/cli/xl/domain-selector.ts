import { CellvisorError } from '../../errors';
import { findDomid } from '../../xen/lifecycle/names';
import type { XenHost } from '../../xen/host/xen-host';
import type { Domain } from '../../xen/host/domain';
import type { Nodes } from '../../xen/xenstore/nodes';

/**
 * The id that an argument stands for: a number is one, whether there is such a domain or not; anything else is a name.
 *
 * @throws CellvisorError `E_DOMAIN` with the C tool's line for a name that no domain has
 */
export async function findDomainId(nodes: Nodes, text: string): Promise<number> {
  const id = await findDomid(nodes, text);
  if (id !== undefined) return id;
  throw new CellvisorError(`${text} is an invalid domain identifier (rc=-6)`, {
    code: 'E_DOMAIN',
    operation: 'find a domain',
  });
}

/** The domain itself. @throws CellvisorError `E_DOMAIN` also for an id that no domain has */
export async function findDomain(host: XenHost, text: string): Promise<Domain> {
  const found = await host.domain(await findDomainId(host.xenstore, text));
  if (found !== undefined) return found;
  throw new CellvisorError(`Error: Domain '${text}' does not exist.`, { code: 'E_DOMAIN', operation: 'find a domain' });
}
