import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { CellvisorError } from '../../errors';
import type { Xl } from './xl';

/** What the C tool leaves above the memory that the guest sees. */
const SLACK_KIB = 1024;
const UNITS_KIB: Readonly<Record<string, number>> = { b: 1 / 1024, k: 1, m: 1024, g: 1024 ** 2, t: 1024 ** 3 };

/** `xl mem-max`: Xen's limit, and what the guest's balloon driver may ask for. */
export async function memMax(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('mem-max', args, { options: {}, minimum: 2 }, xl.io);
  const { host, id, kib } = await readWish(positionals, xl);
  const target = Number((await host.xenstore.readIfThere(`/local/domain/${id}/memory/target`)) ?? 0);
  if (kib < target) {
    throw memoryError(`mem-max of ${kib} KiB is below the domain's memory of ${target} KiB`, 'xl mem-set first');
  }
  await host.hypervisor.memory.setMax(id, kib + SLACK_KIB);
  await host.xenstore.write(`/local/domain/${id}/memory/static-max`, String(kib));
  return 0;
}

/** `xl mem-set`: asks the guest's balloon driver, through xenstore, and moves Xen's limit with it. */
export async function memSet(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('mem-set', args, { options: {}, minimum: 2 }, xl.io);
  const { host, id, kib } = await readWish(positionals, xl);
  const maximum = Number((await host.xenstore.readIfThere(`/local/domain/${id}/memory/static-max`)) ?? 0);
  if (kib > maximum) {
    throw memoryError(`${kib} KiB are more than the domain's maximum of ${maximum} KiB`, 'xl mem-max first');
  }
  await host.hypervisor.memory.setMax(id, kib + SLACK_KIB);
  await host.xenstore.write(`/local/domain/${id}/memory/target`, String(kib));
  return 0;
}

async function readWish(positionals: readonly string[], xl: Xl) {
  const [name = '', text = ''] = positionals;
  const host = await xl.host();
  const id = await findDomainId(host.xenstore, name);
  const kib = readKib(text);
  if (kib === undefined) throw memoryError(`invalid memory size: ${text}`);
  if ((await host.domain(id)) === undefined) throw memoryError(`Error: Domain '${name}' does not exist.`);
  return { host, id, kib };
}

/** `64`, in MiB, or with a unit: `65536k`, `1g`. */
function readKib(text: string): number | undefined {
  const match = /^(0x[0-9a-f]+|\d+)([bkmgt]?)$/i.exec(text);
  if (match === null) return undefined;
  const unit = UNITS_KIB[(match[2] || 'm').toLowerCase()] as number;
  const kib = Math.floor(Number(match[1]) * unit);
  return Number.isSafeInteger(kib) ? kib : undefined;
}

function memoryError(message: string, hint?: string): CellvisorError {
  return new CellvisorError(message, { code: 'E_MEMORY', operation: 'change memory', hint });
}
