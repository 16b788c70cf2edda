import { CellvisorError } from '../errors';
import type { CommandIo } from './command';

/**
 * Prints an error as the commands do: the line that the C tool prints, and one more with what to do about it where that
 * is known. Errors that are not ours are bugs, and go on.
 */
export function reportError(error: unknown, io: Pick<CommandIo, 'err'>): void {
  if (!(error instanceof CellvisorError)) {
    throw error;
  }
  io.err(`${error.message}\n`);
  reportHint(error.hint, io);
}

export function reportHint(hint: string | undefined, io: Pick<CommandIo, 'err'>): void {
  if (hint !== undefined) {
    io.err(`hint: ${hint}\n`);
  }
}
