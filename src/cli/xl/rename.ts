import { CellvisorError } from '../../errors';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import type { Xl } from './xl';

export async function rename(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('rename', args, { options: {}, minimum: 2 }, xl.io);
  const [name = '', newName = ''] = positionals;
  const host = await xl.host();
  const id = await findDomainId(host, name);
  if ((await host.domainByName(newName)) !== undefined) {
    xl.io.err(`Domain with name "${newName}" already exists.\n`);
    throw new CellvisorError(`Can't rename domain '${name}'.`, { code: 'E_DOMAIN', operation: 'rename a domain' });
  }
  const vm = await host.xenstore.readIfThere(`/local/domain/${id}/vm`);
  await host.xenstore.transaction(async (transaction) => {
    await transaction.write(`/local/domain/${id}/name`, newName);
    if (vm !== undefined) await transaction.write(`${vm}/name`, newName);
  });
  return 0;
}
