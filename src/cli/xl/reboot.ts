import { runRequest } from './shutdown-request';
import type { CommandIo } from '../command';

const USAGE = `Usage: xl [-vtTf] reboot [options] <-a|Domain>

Issue a reboot signal to a domain.

Options:

-a, --all               Shutdown all guest domains.
-h                      Print this help.
-F                      Fallback to ACPI reset event for HVM guests with
                        no PV drivers.
-w, --wait              Wait for guest(s) to reboot.

`;

/** `xl reboot [-w] [-F] -a | DOMAIN` */
export function reboot(args: readonly string[], io: CommandIo): Promise<number> | number {
  return runRequest({ command: 'reboot', usage: USAGE, request: 'reboot', announcement: 'Rebooting domain' }, args, io);
}
