import { writeFileSync } from 'node:fs';
import { makeOverlay } from '../../../config/overlay/overlay';
import { reservationsOf } from '../../../config/overlay/from-configs';
import { CellvisorError, KernelError } from '../../../errors';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { readConfig } from './read';
import type { SystemConfig } from '../../../abi/jailhouse';
import type { CommandIo } from '../../command';
import type { ReadConfig } from './read';

const USAGE = `Usage: cellvisor config dts SYSCONFIG [CELLCONFIG ...] [-o FILE.dts] [--dtbo FILE.dtbo]

Prints the reserved-memory nodes that keep Linux away from the memory of the hypervisor and of the cells, as a device
tree overlay.

   -o FILE        write the source there instead
   --dtbo FILE    write the compiled overlay, for the boot loader or fdtoverlay
`;

const OPTIONS = {
  output: { type: 'string', short: 'o' },
  dtbo: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor config dts`. */
export function dts(args: readonly string[], io: CommandIo): number {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  if (positionals.length === 0) throw new UsageError('a config is missing', USAGE);
  const configs = positionals.map((path) => readConfig(path, undefined));
  const cells = configs.flatMap(({ decoded }) => (decoded.kind === 'cell' ? [decoded.config] : []));
  const { source, blob } = makeOverlay({ reservations: reservationsOf(systemOf(configs, io), cells), disabled: [] });
  if (values.output === undefined) io.out(source);
  else save(values.output, source);
  if (values.dtbo !== undefined) save(values.dtbo, blob);
  return 0;
}

/** The first one counts: a folder's `*.cell` has the others, and this one again. */
function systemOf(configs: readonly ReadConfig[], io: CommandIo): SystemConfig {
  const systems = new Map(
    configs.flatMap(({ path, decoded }) => (decoded.kind === 'system' ? [[path, decoded.config] as const] : [])),
  );
  const [first, ...others] = systems;
  for (const [path] of others) io.err(`${path}: left out, it is a system of its own\n`);
  if (first) return first[1];
  throw new CellvisorError('none of the files is the config of a system', {
    code: 'E_CONFIG_SYSTEM',
    operation: 'read configs',
    hint: 'the hypervisor and virtual PCI have memory too: give the config of the root cell first',
  });
}

function save(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(`writing ${path}`, errno, { cause: error });
  }
}
