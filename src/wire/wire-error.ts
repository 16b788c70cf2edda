import { CellvisorError } from '../errors';

/** A message that breaks the protocol of docs/wire.md. The connection that carried it cannot go on. */
export class WireError extends CellvisorError {
  constructor(message: string) {
    super(message, { code: 'E_WIRE', operation: 'board protocol' });
  }
}
