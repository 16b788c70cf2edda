import { CellvisorError } from '../../../errors';
import { reportError } from '../../report';
import { findDomainId } from '../domain-selector';
import { commandNamed, helpOf } from '../catalog';
import { readConfig } from '../create/create';
import type { Xl } from '../xl';

/** What the C tool ends with. */
const EXIT_NO_FILE = 253;
const WARNING =
  'WARNING: xl now has better capability to manage domain configuration, avoid using this command when possible\n';

/** `xl config-update DOMAIN FILE [KEY=VALUE ...]` */
export async function configUpdate(args: readonly string[], xl: Xl): Promise<number> {
  const { io } = xl;
  const usage = helpOf(commandNamed('config-update'));
  const [domain, ...others] = args;
  if (domain === undefined) {
    io.err('xl config-update requires a domain argument\n');
    io.out(usage);
    return 1;
  }
  if (domain === '-h' || domain === '--help') {
    io.out(usage);
    return 0;
  }
  const { parseCreateArguments } = await import('../create/arguments');
  const parsed = parseCreateArguments(others);
  if (parsed.kind !== 'arguments') {
    io.out(usage);
    return parsed.kind === 'help' ? 0 : 2;
  }
  io.err(WARNING);
  if (parsed.value.file === undefined) {
    io.err('Config file not specified\n');
    return 1;
  }
  try {
    return await update(domain, parsed.value.file, parsed.value.settings, xl);
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    reportError(error, io);
    if (error.code === 'E_XEN_CONFIG') io.err('failed to update configuration\n');
    return error.code === 'E_XL_FILE' ? EXIT_NO_FILE : 1;
  }
}

async function update(domain: string, file: string, settings: readonly string[], xl: Xl): Promise<number> {
  const [{ buildHost }, { keepConfig }] = await Promise.all([
    import('../create/host'),
    import('../../../xen/builder/keep-config'),
  ]);
  const domid = await findDomainId((await xl.host()).xenstore, domain);
  const config = readConfig(file, { settings, isQuiet: true }, xl.io);
  xl.io.err(`setting dom${domid} configuration\n`);
  await keepConfig(await buildHost(xl), domid, config);
  return 0;
}
