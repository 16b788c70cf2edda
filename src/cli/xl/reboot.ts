import { runRequest } from './shutdown-request';
import type { XlRun } from './xl';

/** `xl reboot [-w] [-F] -a | DOMAIN` */
export function reboot(args: readonly string[], xl: XlRun): Promise<number> {
  return runRequest({ command: 'reboot', request: 'reboot', announcement: 'Rebooting domain' }, args, xl);
}
