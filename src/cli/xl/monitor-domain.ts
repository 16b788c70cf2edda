import { CellvisorError } from '../../errors';
import { reportError } from '../report';
import type { CommandIo } from '../command';

/** `xl monitor-domain DOMID`: the process that `xl create` leaves behind. It writes to its log, which is stdout here. */
export async function monitor(args: readonly string[], io: CommandIo): Promise<number> {
  const [domid = ''] = args;
  if (args.length !== 1 || !/^[0-9]{1,5}$/.test(domid)) {
    io.err("'xl monitor-domain' requires exactly 1 argument: a domain's id\n");
    return 2;
  }
  const [{ openXenParts }, { monitorDomain }] = await Promise.all([
    import('./create/host'),
    import('../../xen/monitor/monitor'),
  ]);
  const host = await openXenParts(io);
  try {
    await monitorDomain({ ...host, log: (line) => io.out(`${new Date().toISOString()} ${line}\n`) }, Number(domid));
    return 0;
  } catch (error) {
    if (!(error instanceof CellvisorError)) throw error;
    reportError(error, io);
    return 1;
  } finally {
    await host.close();
  }
}
