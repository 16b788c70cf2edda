import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { convertConfig } from '../../../config/convert/convert';
import { KernelError } from '../../../errors';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { dialectOf, readConfig } from './read';
import { USAGE } from './usage';
import type { CommandIo } from '../../command';

/** `cellvisor config convert --dialect DIALECT FILE -o FILE` */
export function convert(args: readonly string[], io: CommandIo): number {
  const { values, positionals } = parseOptions(
    args,
    {
      dialect: { type: 'string' },
      from: { type: 'string' },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    },
    USAGE,
  );
  if (values.help) return printHelp(io, USAGE);
  const { dialect, output } = values;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0 || dialect === undefined || output === undefined) {
    throw new UsageError('--dialect, one FILE and -o FILE', USAGE);
  }
  const from = values.from === undefined ? undefined : dialectOf(values.from, '--from');
  const to = dialectOf(dialect, '--dialect');
  replaceFile(output, convertConfig(readConfig(path, from).decoded, to));
  return 0;
}

/** At once: whoever reads the file meanwhile sees the old one or the new one, and a full disk leaves the old one. */
function replaceFile(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, bytes);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(`writing ${path}`, errno, { cause: error });
  }
}
