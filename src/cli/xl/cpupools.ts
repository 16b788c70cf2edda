import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { formatJson, formatName } from './format';
import { CellvisorError } from '../../errors';
import type { NamedCpupool, XenHost } from '../../xen/host/xen-host';
import type { Xl } from './xl';

const LIST_OPTIONS = { cpus: { type: 'boolean', short: 'c' }, json: { type: 'boolean' } } as const;

export async function cpupoolList(args: readonly string[], xl: Xl): Promise<number> {
  const { values, positionals } = parseXlArguments('cpupool-list', args, { options: LIST_OPTIONS }, xl.io);
  const pools = await (await xl.host()).cpupools();
  const [wanted] = positionals;
  const shown = wanted === undefined ? pools : pools.filter(({ name }) => name === wanted);
  if (shown.length === 0) {
    xl.io.err(`Pool '${wanted}' does not exist\n`);
    return 1;
  }
  if (values.json) {
    xl.io.out(formatJson(shown));
    return 0;
  }
  xl.io.out(`Name               ${values.cpus ? 'CPU list' : 'CPUs   Sched     Active   Domain count'}\n`);
  for (const pool of shown)
    xl.io.out(`${formatName(pool.name).padEnd(19)}${values.cpus ? pool.cpus.join(',') : row(pool)}\n`);
  return 0;
}

function row({ cpus, scheduler, domainCount }: NamedCpupool): string {
  return `${pad(cpus.length, 3)} ${String(scheduler).padStart(9)}       y       ${pad(domainCount, 4)}`;
}

export async function cpupoolDestroy(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('cpupool-destroy', args, { options: {}, minimum: 1 }, xl.io);
  const host = await xl.host();
  const pool = await findPool(host, positionals[0] ?? '');
  const { cpupools } = host.hypervisor;
  if (pool.domainCount > 0) throw poolError(`cpupool '${formatName(pool.name)}' has ${pool.domainCount} domains in it`);
  for (const cpu of pool.cpus) await cpupools.removeCpu(pool.id, cpu);
  await cpupools.destroy(pool.id);
  await host.xenstore.rm(`/local/pool/${pool.id}`);
  return 0;
}

export async function cpupoolRename(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('cpupool-rename', args, { options: {}, minimum: 2 }, xl.io);
  const [name = '', newName = ''] = positionals;
  const host = await xl.host();
  const pool = await findPool(host, name);
  await host.xenstore.write(`/local/pool/${pool.id}/name`, newName);
  return 0;
}

export async function cpupoolCpuAdd(args: readonly string[], xl: Xl): Promise<number> {
  return eachCpu('cpupool-cpu-add', args, xl, (host, pool, cpu) => host.hypervisor.cpupools.addCpu(pool, cpu));
}

export async function cpupoolCpuRemove(args: readonly string[], xl: Xl): Promise<number> {
  return eachCpu('cpupool-cpu-remove', args, xl, (host, pool, cpu) => host.hypervisor.cpupools.removeCpu(pool, cpu));
}

export async function cpupoolMigrate(args: readonly string[], xl: Xl): Promise<number> {
  const { positionals } = parseXlArguments('cpupool-migrate', args, { options: {}, minimum: 2 }, xl.io);
  const [domainText = '', poolText = ''] = positionals;
  const host = await xl.host();
  const domain = await findDomainId(host.xenstore, domainText).catch(() => {
    throw new CellvisorError(`unknown domain '${domainText}'`, { code: 'E_DOMAIN', operation: 'find a domain' });
  });
  const pool = await findPool(host, poolText);
  await host.hypervisor.cpupools.moveDomain(pool.id, domain);
  return 0;
}

async function eachCpu(
  name: string,
  args: readonly string[],
  xl: Xl,
  change: (host: XenHost, pool: number, cpu: number) => Promise<void>,
): Promise<number> {
  const { positionals } = parseXlArguments(name, args, { options: {}, minimum: 2 }, xl.io);
  const [poolText = '', cpusText = ''] = positionals;
  const host = await xl.host();
  const pool = await findPool(host, poolText);
  const { parseCpuMask, resolveCpuMask } = await import('../../xen/config');
  const cpus = await host.hypervisor.host.cpuTopology();
  const topology = { cpuCount: cpus.length, nodeOf: (cpu: number) => cpus[cpu]?.node };
  for (const cpu of resolveCpuMask(parseCpuMask(cpusText, 'cpus', 0), topology)) await change(host, pool.id, cpu);
  return 0;
}

/** By name. @throws CellvisorError with the C tool's line */
async function findPool(host: XenHost, name: string): Promise<NamedCpupool> {
  const found = (await host.cpupools()).find((pool) => pool.name === name);
  if (found !== undefined) return found;
  throw poolError(`unknown cpupool '${name}'`);
}

function poolError(message: string): CellvisorError {
  return new CellvisorError(message, { code: 'E_CPUPOOL', operation: 'find a CPU pool' });
}

function pad(number: number, width: number): string {
  return String(number).padStart(width);
}
