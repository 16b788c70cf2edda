import { CellvisorError } from '../../errors';
import { ArgumentsDone, EXIT_USAGE } from './arguments';
import { helpOf, listCommands, COMMANDS } from './catalog';
import { SUB_COMMANDS } from './sub-commands';
import { Xl } from './xl';
import type { CommandIo } from '../command';
import type { GlobalOptions } from './xl';

/** The `xl` command. Loads only the sub-command that was asked for. */
export async function main(args: readonly string[], io: CommandIo): Promise<number> {
  const globals = readGlobals(args);
  if (typeof globals === 'string') {
    io.err(`unknown global option ${globals}\n`);
    return EXIT_USAGE;
  }
  const [name, ...rest] = globals.rest;
  if (name === undefined) {
    io.out(listCommands());
    return 1;
  }
  if (name === 'help') return help(rest[0], io);
  const load = SUB_COMMANDS[name];
  if (load === undefined) return notHere(name, io);
  const xl = new Xl(io, globals.options);
  try {
    return await (
      await load()
    )(rest, xl);
  } catch (error) {
    if (error instanceof ArgumentsDone) return error.exitCode;
    throw error;
  } finally {
    await xl.close();
  }
}

function help(name: string | undefined, io: CommandIo): number {
  const command = COMMANDS.find((one) => one.name === name);
  io.out(command === undefined ? listCommands() : helpOf(command));
  return 0;
}

/** Commands of the C tool that have no use on Arm, or need a device model, which guests of Arm do not have. */
function notHere(name: string, io: CommandIo): number {
  if (COMMANDS.some((one) => one.name === name)) {
    throw new CellvisorError(`xl ${name}: there is no such thing on Arm, or not in this xl`, {
      code: 'E_XL_COMMAND',
      operation: `xl ${name}`,
    });
  }
  io.err('command not implemented\n');
  return 1;
}

/** `-v`, `-t` and `-T` change the C library's log, which there is none of here. */
function readGlobals(
  args: readonly string[],
): { readonly options: GlobalOptions; readonly rest: readonly string[] } | string {
  let isForced = false;
  let isDryRun = false;
  let target: string | undefined;
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (!arg.startsWith('-')) break;
    if (arg === '--target' || arg.startsWith('--target=')) {
      target = arg === '--target' ? args[(at += 1)] : arg.slice('--target='.length);
    } else if (/^-[vtTfN]+$/.test(arg)) {
      isForced ||= arg.includes('f');
      isDryRun ||= arg.includes('N');
    } else {
      return arg;
    }
  }
  return { options: { isForced, isDryRun, target }, rest: args.slice(at) };
}
