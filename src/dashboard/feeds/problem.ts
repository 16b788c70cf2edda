import { CellvisorError } from '../../errors';
import type { Problem } from '../model/problem';

/** An error of ours, for a person. Others are bugs, and go on. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof CellvisorError)) throw error;
  return { text: error.message, hint: error.hint };
}
