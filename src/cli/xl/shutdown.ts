import { runRequest } from './shutdown-request';
import type { XlRun } from './xl';

/** `xl shutdown [-w] [-F] -a | DOMAIN` */
export function shutdown(args: readonly string[], xl: XlRun): Promise<number> {
  return runRequest({ command: 'shutdown', request: 'poweroff', announcement: 'Shutting down domain' }, args, xl);
}
