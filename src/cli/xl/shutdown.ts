import { runRequest } from './shutdown-request';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] shutdown [options] <-a|Domain>

Issue a shutdown signal to a domain.

Options:

-a, --all               Shutdown all guest domains.
-h                      Print this help.
-F                      Fallback to ACPI power event for HVM guests with
                        no PV drivers.
-w, --wait              Wait for guest(s) to shutdown.

`;

/** `xl shutdown [-w] [-F] -a | DOMAIN` */
export function shutdown(args: readonly string[], io: CommandIo): Promise<number> | number {
  return runRequest(
    { command: 'shutdown', usage: USAGE, request: 'poweroff', announcement: 'Shutting down domain' },
    args,
    io,
  );
}
