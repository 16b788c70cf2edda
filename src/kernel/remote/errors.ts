import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { CellvisorError, KernelError } from '../../errors';
import type { ErrnoName } from '../../errno';

/** JSON-RPC leaves numbers above -32000 to the application. */
const CELLVISOR_ERROR = 1;
const REQUEST_CANCELLED = -32800;

/** What an error is beside its message. */
interface ErrorData {
  readonly operation: string;
  readonly code: string;
  readonly errno?: ErrnoName | undefined;
  /** Only of a KernelError. */
  readonly errnoNumber?: number | undefined;
  readonly hint?: string | undefined;
}

/** Ours with all that they say; anything else is a bug of the agent, and goes across as its message. */
export function errorToWire(error: unknown): ResponseError<ErrorData> {
  if (error instanceof ResponseError) return error;
  if (!(error instanceof CellvisorError)) return new ResponseError(ErrorCodes.InternalError, String(error));
  const { operation, code, errno, hint, message } = error;
  const errnoNumber = error instanceof KernelError ? error.errnoNumber : undefined;
  return new ResponseError(CELLVISOR_ERROR, message, { operation, code, errno, errnoNumber, hint });
}

/** @param operation what was asked for, where the answer does not say it */
export function errorFromWire(error: ResponseError<unknown>, operation: string): CellvisorError {
  if (error.code === REQUEST_CANCELLED) return new KernelError(operation, 'EINTR');
  if (error.code !== CELLVISOR_ERROR) {
    return new CellvisorError(`${operation}: the agent failed: ${error.message}`, { code: 'E_AGENT', operation });
  }
  const { errnoNumber, ...details } = error.data as ErrorData;
  if (errnoNumber === undefined) return new CellvisorError(error.message, details);
  return new KernelError(details.operation, errnoNumber, { code: details.code, hint: details.hint });
}
