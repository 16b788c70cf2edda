import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { CellvisorError, KernelError } from '../../errors';
import type { ErrorData } from './protocol';

/** JSON-RPC leaves numbers above -32000 to the application. */
const CELLVISOR_ERROR = 1;
const REQUEST_CANCELLED = -32800;

/** Ours with all that they say; anything else is a bug of the agent, and goes across as its message. */
export function errorToWire(error: unknown): ResponseError<ErrorData> {
  if (error instanceof ResponseError) return error;
  if (!(error instanceof CellvisorError)) return new ResponseError(ErrorCodes.InternalError, String(error));
  return new ResponseError(CELLVISOR_ERROR, error.message, errorData(error));
}

export function errorData(error: CellvisorError): ErrorData {
  const { operation, code, errno, hint } = error;
  return { operation, code, errno, errnoNumber: error instanceof KernelError ? error.errnoNumber : undefined, hint };
}

/** @returns undefined for the data of an error that was no KernelError */
export function kernelError({ errnoNumber, operation, code, hint }: ErrorData): KernelError | undefined {
  return errnoNumber === undefined ? undefined : new KernelError(operation, errnoNumber, { code, hint });
}

/** @param operation what was asked for, where the answer does not say it */
export function errorFromWire(error: ResponseError<unknown>, operation: string): CellvisorError {
  if (error.code === REQUEST_CANCELLED) return new KernelError(operation, 'EINTR');
  if (error.code !== CELLVISOR_ERROR) {
    return new CellvisorError(`${operation}: the agent failed: ${error.message}`, { code: 'E_AGENT', operation });
  }
  const data = error.data as ErrorData;
  return kernelError(data) ?? new CellvisorError(error.message, data);
}
