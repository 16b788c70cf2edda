/** What scripts of the C tool do that are written with Python's argparse. */
import { strerror } from '../../errno';
import type { CommandIo } from '../command';

/** What argparse exits with after a wrong command line. */
const EXIT_ARGUMENTS = 2;

/** The command line cannot be understood, or names a file that cannot be opened. */
export class ArgumentError extends Error {}

/** Prints a command line's error, after the usage, and gives the exit code. Other errors go on. */
export function reportArgumentError(error: unknown, command: string, usage: string, io: CommandIo): number {
  if (!(error instanceof ArgumentError)) throw error;
  io.err(`${usage}${command}: error: ${error.message}\n`);
  return EXIT_ARGUMENTS;
}

/**
 * Does something with a file that an argument names.
 * @throws ArgumentError in argparse's words when that fails
 */
export function withArgumentFile<T>(argument: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    const number = Math.abs(errno);
    throw new ArgumentError(
      `argument ${argument}: can't open '${path}': [Errno ${number}] ${strerror(number)}: '${path}'`,
    );
  }
}
