import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { CellvisorError, KernelError } from '../../../errors';
import { chosenBoard } from '../../../kernel/choose';
import { connectOrStart } from '../../../kernel/emulated/start';
import { loadSyscalls } from '../../../native/syscalls';
import { boardPaths, bridgeLibrary } from '../../../paths';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { whyNotBridged } from './program';
import type { CommandIo, Environment } from '../../command';

const USAGE = `Usage: cellvisor run [OPTION ...] [--] COMMAND [ARGUMENT ...]

Runs a program as it is, with the devices and sysfs files of an emulated board:
/dev/jailhouse, /dev/uioN, /sys/devices/jailhouse, /sys/class/uio, the lines of
/proc/interrupts about them, and nothing else. The program must use the C library
as a shared library.

   --board NAME    default: CELLVISOR_BOARD, else imx8mm-evk
   --trace FILE    append every call that the board answered, with its bytes
   --fault RULE    let calls fail: CALL:PATH:EFFECT[:COUNT], for example
                   'ioctl:/dev/jailhouse:EBUSY:1'; may be given several times
                   CALL    open read ioctl poll mmap stat access readdir *
                   EFFECT  the name of an errno, or short=N for read
`;

/** As shells say that a command cannot be executed, or does not exist. */
const EXIT_NOT_EXECUTABLE = 126;
const EXIT_NOT_FOUND = 127;

/** `cellvisor run`: this process becomes the program, so that signals, terminal and exit code are the program's own. */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { own, command } = split(args);
  const { values, positionals } = parseOptions(
    own,
    {
      board: { type: 'string' },
      trace: { type: 'string' },
      fault: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
    USAGE,
  );
  if (values.help) return printHelp(io, USAGE);
  const [name] = command;
  if (positionals.length > 0 || name === undefined) throw new UsageError('the command to run is missing', USAGE);

  const program = findProgram(name, io.env);
  if (program === undefined) {
    io.err(`cellvisor run: ${name}: command not found\n`);
    return EXIT_NOT_FOUND;
  }
  const obstacle = whyNotBridged(program);
  if (obstacle !== undefined) {
    io.err(`cellvisor run: ${program}: ${obstacle}\n`);
    return EXIT_NOT_EXECUTABLE;
  }
  const board = chosenBoard(values.board ?? io.env['CELLVISOR_BOARD']);
  const connection = await connectOrStart(board, {}, (line) => io.err(`${line}\n`));
  connection.close();
  const environment = {
    ...io.env,
    ...bridgeEnvironment(io.env, board),
    ...(values.trace === undefined ? {} : { CELLVISOR_TRACE: resolve(values.trace) }),
    ...(values.fault === undefined ? {} : { CELLVISOR_FAULTS: values.fault.join(';') }),
  };
  const result = loadSyscalls().exec(program, command, assignments(environment));
  io.err(`${new KernelError(`cellvisor run: ${program}`, result).message}\n`);
  return EXIT_NOT_EXECUTABLE;
}

/** Options of our own come first; what comes behind the command's name, or `--`, is the command's. */
function split(args: readonly string[]): { own: readonly string[]; command: readonly string[] } {
  let index = 0;
  while (args[index]?.startsWith('-') && args[index] !== '--') {
    const takesValue = ['--board', '--trace', '--fault'].includes(args[index] as string);
    index += takesValue ? 2 : 1;
  }
  return { own: args.slice(0, index), command: args.slice(args[index] === '--' ? index + 1 : index) };
}

/** @throws CellvisorError `E_BRIDGE` when the library is not built */
function bridgeEnvironment(env: Environment, board: string): Environment {
  const library = bridgeLibrary();
  if (!existsSync(library)) {
    throw new CellvisorError(`${library} is missing`, {
      code: 'E_BRIDGE',
      operation: 'run',
      hint: 'npm run build:native builds it; that needs python3, make and g++',
    });
  }
  return {
    LD_PRELOAD: env['LD_PRELOAD'] ? `${library}:${env['LD_PRELOAD']}` : library,
    CELLVISOR_BRIDGE_SOCKET: boardPaths(board).socket,
    CELLVISOR_BOARD: board,
    // Our own commands are programs like others here.
    CELLVISOR_BACKEND: 'hardware',
    // Node's file calls through io_uring would not be seen.
    UV_USE_IO_URING: '0',
  };
}

function assignments(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

/** As a shell finds it: a name with a slash is a path, others are looked for in PATH. */
function findProgram(name: string, env: Environment): string | undefined {
  if (name.includes('/')) return existsSync(name) ? name : undefined;
  const folders = (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  return folders.map((folder) => resolve(folder || '.', name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
