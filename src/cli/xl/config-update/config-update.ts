import { CellvisorError } from '../../../errors';
import { reportError } from '../../report';
import { readConfig } from '../create/create';
import type { CommandIo } from '../../command';

const USAGE = `Usage: xl [-vtTfN] config-update <Domain> <ConfigFile> [options] [vars]

Replace the configuration that is kept about a running domain: it has effect when the domain is created again at its end.

Options:

-h                      Print this help.
-f FILE, --defconfig=FILE
                        The configuration's file.
-d                      Enable debug messages.

`;

/** `xl config-update DOMAIN FILE [KEY=VALUE ...]` */
export async function configUpdate(args: readonly string[], io: CommandIo): Promise<number> {
  const [domain, ...others] = args;
  if (domain === undefined) {
    io.err('xl config-update requires a domain argument\n');
    io.out(USAGE);
    return 1;
  }
  if (domain === '-h' || domain === '--help') {
    io.out(USAGE);
    return 0;
  }
  const { parseCreateArguments } = await import('../create/arguments');
  const parsed = parseCreateArguments(others);
  if (parsed.kind !== 'arguments') {
    io.out(USAGE);
    return parsed.kind === 'help' ? 0 : 2;
  }
  if (parsed.value.file === undefined) {
    io.err('Config file not specified\n');
    return 1;
  }
  try {
    return await update(domain, parsed.value.file, parsed.value.settings, io);
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    reportError(error, io);
    return 1;
  }
}

async function update(domain: string, file: string, settings: readonly string[], io: CommandIo): Promise<number> {
  const [{ openXenParts }, { findDomid }, { keepConfig }] = await Promise.all([
    import('../create/host'),
    import('../../../xen/lifecycle/names'),
    import('../../../xen/builder/keep-config'),
  ]);
  const host = await openXenParts(io);
  try {
    const domid = await findDomid(host.store, domain);
    if (domid === undefined) {
      io.err(`${domain} is an invalid domain identifier (rc=-6)\n`);
      return 1;
    }
    await keepConfig(host, domid, readConfig(file, { settings, isQuiet: false }, io));
    return 0;
  } finally {
    await host.close();
  }
}
