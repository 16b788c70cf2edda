import { EXIT_USAGE } from './arguments';
import type { Xl } from './xl';

/** `xl monitor-domain DOMID`: the process that `xl create` leaves behind. Its stdout is its log. */
export async function monitor(args: readonly string[], xl: Xl): Promise<number> {
  const [domid = ''] = args;
  if (args.length !== 1 || !/^[0-9]{1,5}$/.test(domid)) {
    xl.io.err("'xl monitor-domain' requires exactly 1 argument: a domain's id\n");
    return EXIT_USAGE;
  }
  const [{ buildHost }, { monitorDomain }] = await Promise.all([
    import('./create/host'),
    import('../../xen/monitor/monitor'),
  ]);
  const log = (line: string) => xl.io.out(`${new Date().toISOString()} ${line}\n`);
  await monitorDomain({ ...(await buildHost(xl)), log }, Number(domid));
  return 0;
}
