import { packageVersion } from '../../paths';
import { takeTarget } from '../target';
import { EXIT_USAGE, UsageError } from './arguments';
import type { CommandIo } from '../command';

const USAGE = `Usage: cellvisor [--host HOST] [--backend NAME] COMMAND ...

Commands:
   top [--read-only] [--board NAME ...]                a dashboard of cells; on a terminal also without a command
   board start|stop|status|list|reset|log|cat|attach   emulated boards
   try --root CELL CELL INMATE                         run an inmate once, on a board of its own
   gdb CELL [--listen ADDRESS:PORT]                    GDB at a cell of an emulated board
   stats [--cell NAME] [--json]                        what the cells cost, once a second
   events [--json]                                     what happens to the cells
   exporter [--listen ADDRESS:PORT]                    metrics for Prometheus
   doctor [--root CELL] [CELL ...]                     what would make jailhouse enable fail here
   completion bash|zsh|fish                            a script that completes commands and cells
   module load|unload                                  kernel modules of this machine
   run COMMAND ...                                     run a program against an emulated board
   config show|diff|convert                            cell configs: every field, differences, other releases
   explain [CODE] | LOG | --live                       a finding of 'jailhouse config check', or why a CPU was parked
   agent --stdio                                       the other end of --host; ssh runs it
   --version, --help

   --host HOST      a board over SSH, such as root@board, for the commands that speak to one; several for top
   --hosts FILE     boards over SSH for top, a host a line
   --backend NAME   hardware or emulated

'cellvisor COMMAND --help' says more.
`;

/** Emulated boards are processes of this machine, and an agent answers for the machine that it runs on. */
const LOCAL_COMMANDS: readonly string[] = ['agent', 'board', 'completion', 'gdb', 'run', 'try'];

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

async function dispatch(words: readonly string[], processIo: CommandIo): Promise<number> {
  const { io, args, hosts } = takeTarget(words, processIo, ['--backend', '--host', '--hosts']);
  const [command, ...others] = args;
  if (hosts.length > 0 && command !== undefined && LOCAL_COMMANDS.includes(command)) {
    throw new UsageError(`'cellvisor ${command}' is about this machine: --host is not for it`, USAGE);
  }
  switch (command) {
    case 'top':
      return (await import('./top')).top(others, io);
    case 'board':
      return (await import('./board')).board(others, io);
    case 'agent':
      return (await import('./agent')).agent(others, io);
    case 'try':
      return (await import('./try')).tryInmate(others, io);
    case 'gdb':
      return (await import('./gdb')).gdb(others, io);
    case 'module':
      return (await import('./module')).kernelModule(others, io);
    case 'run':
      return (await import('./run')).run(others, io);
    case 'stats':
      return (await import('./stats')).stats(others, io);
    case 'events':
      return (await import('./events')).events(others, io);
    case 'exporter':
      return (await import('./exporter')).exporter(others, io);
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
      io.out(`cellvisor ${packageVersion()}\n`);
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
