import { parseArgs } from 'node:util';
import { commandNamed, helpOf } from './catalog';
import type { ParseArgsConfig } from 'node:util';
import type { CommandIo } from '../command';

/** What the C tool exits with when it was called wrongly (xen-abi reference 20). */
export const EXIT_USAGE = 2;

/** The command line was wrong, or asked for help: everything is printed already. */
export class ArgumentsDone extends Error {
  constructor(readonly exitCode: number) {
    super('the arguments were answered');
    this.name = 'ArgumentsDone';
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * The arguments of a sub-command, with the C tool's answers to mistakes: help on stdout, what is wrong on stderr, and exit
 * code 2.
 *
 * @param minimum how many arguments that are no options it needs
 */
export function parseXlArguments<T extends Options>(
  name: string,
  args: readonly string[],
  { options, minimum = 0 }: { readonly options: T; readonly minimum?: number },
  io: CommandIo,
) {
  const parsed = parse(args, options, io);
  const help = () => helpOf(commandNamed(name));
  if ((parsed.values as Record<string, unknown>)['help'] === true) {
    io.out(help());
    throw new ArgumentsDone(0);
  }
  if (parsed.positionals.length < minimum) {
    io.out(help());
    io.err(`'xl ${name}' requires at least ${minimum} argument${minimum > 1 ? 's' : ''}.\n\n`);
    throw new ArgumentsDone(EXIT_USAGE);
  }
  return parsed;
}

function parse<T extends Options>(args: readonly string[], options: T, io: CommandIo) {
  const all = { ...options, help: { type: 'boolean', short: 'h' } } as const;
  try {
    return parseArgs({ args: [...args], options: all, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const unknown = /Unknown option '--?([^']*)'/.exec(message)?.[1];
    io.err(unknown === undefined ? `${message.split('. ', 1)[0]}\n` : `option \`${unknown}' not supported.\n`);
    throw new ArgumentsDone(EXIT_USAGE);
  }
}
