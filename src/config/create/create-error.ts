import { CellvisorError } from '../../errors';

/** A config cannot be made of what the board has, or of what is wished for. */
export function cannot(code: `E_CREATE_${string}`, message: string, hint?: string): CellvisorError {
  return new CellvisorError(message, { code, operation: 'create config', hint });
}
