import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import type { Xl } from './xl';

/** By Xen's numbers; the last is for the guest's own ACPI. */
const TRIGGERS = ['nmi', 'reset', 'init', 'power', 'sleep', 's3resume'];

/** `xl trigger`: Xen on Arm knows none and says so; the exit code is 0 all the same, as with the C tool. */
export async function trigger(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('trigger', args, { options: {}, minimum: 2 }, xl.io);
  const [name = '', word = '', vcpu = '0'] = positionals;
  const host = await xl.host();
  const id = await findDomainId(host.xenstore, name);
  const number = TRIGGERS.indexOf(word);
  if (number < 0) {
    xl.io.err(`Invalid trigger "${word}"\n`);
    return 1;
  }
  try {
    await host.hypervisor.domains.sendTrigger(id, number, Number(vcpu));
  } catch (error) {
    reportError(error, xl.io);
  }
  return 0;
}
