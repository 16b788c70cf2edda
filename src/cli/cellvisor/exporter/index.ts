import { reportError } from '../../report';
import { untilSignal } from '../../stream';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { parseListenAddress } from '../listen-address';
import type { CellvisorError } from '../../../errors';
import type { CommandIo } from '../../command';

const DEFAULT_ADDRESS = '127.0.0.1:9853';

const USAGE = `Usage: cellvisor exporter [--listen ADDRESS:PORT]
       cellvisor exporter --textfile PATH

Metrics of the board and its cells for Prometheus (docs/metrics.md). The board is looked at when it is scraped, and never
else. Runs until Ctrl-C; exit code 0, 1 when it cannot listen or write, 2 for a wrong command line.

   --listen ADDRESS:PORT   where to answer, over HTTP on /metrics; default ${DEFAULT_ADDRESS}. Other machines are
                           answered by :9853, which is all of this one's addresses: nobody is asked who they are
   --textfile PATH         write the metrics once, for node_exporter's textfile collector, and end
`;

const OPTIONS = {
  listen: { type: 'string' },
  textfile: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor exporter`. */
export async function exporter(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  if (positionals.length > 0) throw new UsageError(`exporter takes no '${positionals[0]}'`, USAGE);
  if (values.listen !== undefined && values.textfile !== undefined) {
    throw new UsageError('--listen and --textfile exclude each other', USAGE);
  }
  const address = parseListenAddress(values.listen ?? DEFAULT_ADDRESS, '--listen', DEFAULT_ADDRESS, USAGE);
  const { BoardObserver } = await import('../../../metrics/observation');
  const kernel = await io.openKernel(io.env);
  const onFailure = (error: CellvisorError) => reportError(error, io);
  if (values.textfile !== undefined) {
    const { writeTextfile } = await import('../../../metrics/textfile');
    const observer = new BoardObserver(kernel, { countsConsole: false, onFailure });
    await writeTextfile(values.textfile, await observer.observe());
    return 0;
  }
  const { MetricsServer } = await import('../../../metrics/server');
  const observer = new BoardObserver(kernel, { onFailure });
  const server = await MetricsServer.listen(address, observer);
  io.err(`metrics are at ${server.url}\n`);
  return untilSignal(async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await server.close();
    await observer.close();
    return 0;
  });
}
