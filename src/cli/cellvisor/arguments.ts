import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { CommandIo } from '../command';

/** What a shell expects of a command that was called wrongly. */
export const EXIT_USAGE = 2;

/** The command line does not say what to do: `main` prints the message and the usage, and exits with 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly usage: string,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** node:util's parseArgs, strict, with its complaints as UsageError. */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(message.split('. ', 1)[0] ?? message, usage);
  }
}

/** One word of a fixed choice; undefined stays undefined. */
export function oneOf<Word extends string>(
  value: string | undefined,
  option: string,
  words: readonly Word[],
  usage: string,
): Word | undefined {
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new UsageError(`${option} is ${words.join(' or ')}, not '${value}'`, usage);
  return word;
}

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `5s`, `1.5m` or `2h`, in milliseconds. */
export function parseDuration(text: string, option: string, usage: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) throw new UsageError(`${option} is a time such as 500ms, 5s or 2m, not '${text}'`, usage);
  return Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS];
}

/** A duration to be repeated: at least 10 ms. */
export function parseInterval(text: string, option: string, usage: string): number {
  const intervalMs = parseDuration(text, option, usage);
  if (intervalMs < 10) throw new UsageError(`${option} is at least 10ms, not '${text}'`, usage);
  return intervalMs;
}

/** A number from 1 on. */
export function parseCount(text: string, option: string, usage: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`${option} is a number from 1 on, not '${text}'`, usage);
  return Number(text);
}

/** Prints the usage and gives exit code 0 when help was asked for. */
export function printHelp(io: CommandIo, usage: string): number {
  io.out(usage);
  return 0;
}
