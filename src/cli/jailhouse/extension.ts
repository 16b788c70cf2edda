import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { reportHint } from '../report';
import { wrongUsage } from './usage';
import type { CommandIo } from '../command';

/** Subcommands that the C tool leaves to scripts (jailhouse-tools reference 3), and that we do not have. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  cell: ['linux'],
};

const SCRIPTS = '/usr/local/libexec/jailhouse';

/**
 * Runs `jailhouse-COMMAND-SUBCOMMAND` from the C tool's installation, where there is one: it speaks to the real device, so
 * not when another backend or another host was asked for.
 */
export async function extension(command: string, args: readonly string[], io: CommandIo): Promise<number> {
  const [subcommand, ...others] = args;
  if (subcommand === undefined || !EXTENSIONS[command]?.includes(subcommand)) {
    return wrongUsage(io);
  }
  const script = `jailhouse-${command}-${subcommand}`;
  const path = [dirname(io.programPath), SCRIPTS, io.env['PATH'] ?? ''].join(delimiter);
  const isHere = (io.env['CELLVISOR_BACKEND'] || 'hardware') === 'hardware' && !io.env['CELLVISOR_HOST'];
  const file = isHere ? findExecutable(script, path) : undefined;
  if (file === undefined) {
    io.err('execvp: No such file or directory\n');
    reportHint(`Cellvisor does not have "${command} ${subcommand}" yet, and the script ${script} is not installed`, io);
    return 1;
  }
  const { spawnSync } = await import('node:child_process');
  const { status } = spawnSync(file, others, { argv0: subcommand, env: { ...io.env, PATH: path }, stdio: 'inherit' });
  return status ?? 1;
}

function findExecutable(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder || '.', name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
