import { CellvisorError } from '../../errors';
import { findDomid } from '../../xen/lifecycle/names';
import { requestShutdown } from '../../xen/lifecycle/request';
import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { EXIT_FAILURE, withXenstore } from './xenstore';
import type { ErrnoName } from '../../errno';
import type { Kernel } from '../../kernel/kernel';
import type { Xenstore } from '../../xen/xenstore/xenstore';
import type { CommandIo } from '../command';
import type { XlRun } from './xl';

/** What tells `xl shutdown` and `xl reboot` apart. `-F` means something for guests with ACPI only, which Arm has none of. */
export interface Verb {
  readonly command: 'shutdown' | 'reboot';
  readonly request: 'poweroff' | 'reboot';
  readonly announcement: string;
}

const OPTIONS = {
  all: { type: 'boolean', short: 'a' },
  wait: { type: 'boolean', short: 'w' },
  fallback: { type: 'boolean', short: 'F' },
} as const;

/** Asks the domains that are meant, one after the other, and waits for their ends where that is wanted. */
export async function runRequest(verb: Verb, args: readonly string[], xl: XlRun): Promise<number> {
  const { io } = xl;
  const { values, positionals } = parseXlArguments(verb.command, args, { options: OPTIONS }, io);
  if (positionals.length === 0 && !values.all) {
    io.err('You must specify -a or a domain id.\n\n');
    return EXIT_FAILURE;
  }
  return withXenstore(io, async (store, kernel) => {
    const domids = await meantDomains(store, values.all ? undefined : positionals[0]);
    // Whoever waits must not miss an end that comes before the request's acknowledgement.
    const ends = values.wait ? await startWaiting(store, kernel, domids, xl) : undefined;
    for (const domid of domids) {
      if (!(await request(store, domid, verb, io))) return EXIT_FAILURE;
    }
    await ends?.();
    return 0;
  });
}

/** @param name undefined: all guests */
async function meantDomains(store: Xenstore, name: string | undefined): Promise<number[]> {
  if (name !== undefined) return [await findDomainId(store, name)];
  const names = await store.directoryIfThere('/libxl');
  const domids = await Promise.all(names.map((name) => findDomid(store, name)));
  return domids.filter((domid) => domid !== undefined && domid !== 0) as number[];
}

async function request(store: Xenstore, domid: number, verb: Verb, io: CommandIo): Promise<boolean> {
  io.err(`${verb.announcement} ${domid}\n`);
  try {
    await requestShutdown(store, domid, verb.request);
    return true;
  } catch (error) {
    if (!(error instanceof CellvisorError) || error.code !== 'E_XEN_DOMAIN') throw error;
    reportError(error, io);
    io.err(`${verb.command} failed (rc=${LIBXL_NUMBERS[error.errno ?? 'EIO'] ?? -3})\n`);
    return false;
  }
}

/** Of libxl's failures (xen-abi reference 20). */
const LIBXL_NUMBERS: Partial<Record<ErrnoName, number>> = { ETIMEDOUT: -9 };

async function startWaiting(
  store: Xenstore,
  kernel: Kernel,
  domids: readonly number[],
  { io, options }: XlRun,
): Promise<() => Promise<void>> {
  // Loaded here: a request that nobody waits for needs no hypercalls.
  const [{ Hypervisor }, { waitForEnd }, { SHUTDOWN_REASONS }] = await Promise.all([
    import('../../xen/hypervisor/hypervisor'),
    import('../../xen/lifecycle/wait'),
    import('../../abi/xen/sched'),
  ]);
  const hypervisor = await Hypervisor.open(kernel, { target: options.target });
  const waits = domids.map(async (domid) => ({ domid, end: await waitForEnd(store, hypervisor.domains, domid) }));
  // A failure is reported by whoever waits below, unless a request failed first.
  for (const wait of waits) wait.catch(() => undefined);
  return async () => {
    io.err(`Waiting for ${domids.length} domains\n`);
    await Promise.all(
      waits.map(async (wait) => {
        const { domid, end } = await wait;
        if (end === 'destroyed') io.err(`Domain ${domid} has been destroyed\n`);
        else io.err(`Domain ${domid} has been shut down, reason code ${SHUTDOWN_REASONS.indexOf(end)}\n`);
      }),
    );
    await hypervisor.close();
  };
}
