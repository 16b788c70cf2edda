import { CellvisorError } from '../../errors';
import type { XenHost } from '../../xen/host/xen-host';
import type { Domain } from '../../xen/host/domain';

/**
 * The id that an argument stands for: a number is one, whether there is such a domain or not; anything else is a name.
 *
 * @throws CellvisorError `E_DOMAIN` with the C tool's line for a name that no domain has
 */
export async function findDomainId(host: XenHost, text: string): Promise<number> {
  if (/^\d+$/.test(text)) return Number(text);
  const found = await host.domainByName(text);
  if (found !== undefined) return found.id;
  throw new CellvisorError(`${text} is an invalid domain identifier (rc=-6)`, {
    code: 'E_DOMAIN',
    operation: 'find a domain',
  });
}

/** The domain itself. @throws CellvisorError `E_DOMAIN` also for an id that no domain has */
export async function findDomain(host: XenHost, text: string): Promise<Domain> {
  const id = await findDomainId(host, text);
  const found = await host.domain(id);
  if (found !== undefined) return found;
  throw new CellvisorError(`Error: Domain '${text}' does not exist.`, { code: 'E_DOMAIN', operation: 'find a domain' });
}
