import { CellvisorError } from '../../errors';
import { XlConfigError } from '../../xen/config';
import { reportError } from '../report';
import { EXIT_FAILURE } from './xenstore';
import type { CommandIo } from '../command';

/**
 * Says why a device was not attached, and gives the exit code. The C library's line comes behind what went wrong in it, not
 * behind a specification, or a backend's domain, that makes no sense.
 */
export function reportAttachFailure(error: unknown, libraryCall: string, io: CommandIo): number {
  if (!(error instanceof CellvisorError)) throw error;
  reportError(error, io);
  if (!(error instanceof XlConfigError) && error.code !== 'E_DOMAIN') io.err(`${libraryCall} failed.\n`);
  return EXIT_FAILURE;
}
