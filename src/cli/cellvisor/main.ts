import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../paths';
import { EXIT_USAGE, UsageError } from './arguments';
import type { CommandIo } from '../command';

const USAGE = `Usage: cellvisor COMMAND ...

Commands:
   top [--read-only] [--board NAME ...]                a dashboard of cells; on a terminal also without a command
   board start|stop|status|list|reset|log|cat|attach   emulated boards
   try --root CELL CELL INMATE                         run an inmate once, on a board of its own
   doctor [--root CELL] [CELL ...]                     what would make jailhouse enable fail here
   completion bash|zsh|fish                            a script that completes commands and cells
   module load|unload                                  kernel modules of this machine
   run COMMAND ...                                     run a program against an emulated board
   config show|diff|convert                            cell configs: every field, differences, other releases
   explain [CODE] | LOG | --live                       a finding of 'jailhouse config check', or why a CPU was parked
   --version, --help

'cellvisor COMMAND --help' says more.
`;

/** The `cellvisor` command. Loads only the subcommand that was asked for. */
export async function main(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`${error.message}\n\n${error.usage}`);
    return EXIT_USAGE;
  }
}

async function dispatch(args: readonly string[], io: CommandIo): Promise<number> {
  const [command, ...others] = args;
  switch (command) {
    case 'top':
      return (await import('./top')).top(others, io);
    case 'board':
      return (await import('./board')).board(others, io);
    case 'try':
      return (await import('./try')).tryInmate(others, io);
    case 'module':
      return (await import('./module')).kernelModule(others, io);
    case 'run':
      return (await import('./run')).run(others, io);
    case 'doctor':
      return (await import('./doctor')).doctor(others, io);
    case 'completion':
      return (await import('./completion')).completion(others, io);
    case 'config':
      return (await import('./config')).config(others, io);
    case 'explain': {
      const crash = await import('./explain-crash');
      return crash.isAboutCrash(others)
        ? crash.explainCrashLog(others, io)
        : (await import('./explain')).explain(others, io);
    }
    case '--version':
      io.out(`cellvisor ${version()}\n`);
      return 0;
    case '--help':
    case '-h':
      io.out(USAGE);
      return 0;
    case undefined:
      if (io.openTerminal) return (await import('./top')).top([], io);
      throw new UsageError('a command is missing', USAGE);
    default:
      // `cellvisor --backend emulated`: options and no command.
      if (command.startsWith('--') && io.openTerminal) return (await import('./top')).top(args, io);
      throw new UsageError(`there is no command '${command}'`, USAGE);
  }
}

function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
