import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import type { Xl } from './xl';

/** `xl pause` and `xl unpause`: Xen counts pauses. The C tool exits with 0 whatever Xen says; so does this, after a line. */
export async function pause(args: readonly string[], xl: Xl): Promise<number> {
  return change('pause', args, xl);
}

export async function unpause(args: readonly string[], xl: Xl): Promise<number> {
  return change('unpause', args, xl);
}

async function change(name: 'pause' | 'unpause', args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments(name, args, { options: {}, minimum: 1 }, xl.io);
  const host = await xl.host();
  const id = await findDomainId(host.xenstore, positionals[0] ?? '');
  try {
    await host.hypervisor.domains[name](id);
  } catch (error) {
    const { reportError } = await import('../report');
    reportError(error, xl.io);
  }
  return 0;
}
