import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import { formatName } from './format';
import type { NamedCpupool, XenHost } from '../../xen/host/xen-host';
import type { Xl } from './xl';

const OPTIONS = {
  domain: { type: 'string', short: 'd' },
  weight: { type: 'string', short: 'w' },
  cap: { type: 'string', short: 'c' },
  schedparam: { type: 'boolean', short: 's' },
  tslice_ms: { type: 'string', short: 't' },
  ratelimit_us: { type: 'string', short: 'r' },
  migration_delay_us: { type: 'string', short: 'm' },
  cpupool: { type: 'string', short: 'p' },
} as const;

const HEADER = 'Name                                ID Weight  Cap\n';
const MAX_WORD = 65_535;

export async function schedCredit(args: readonly string[], xl: Xl): Promise<number> {
  return creditCommand('credit', args, xl);
}

export async function schedCredit2(args: readonly string[], xl: Xl): Promise<number> {
  return creditCommand('credit2', args, xl);
}

type Scheduler = 'credit' | 'credit2';
type Values = { readonly [K in keyof typeof OPTIONS]?: string | boolean | undefined };

async function creditCommand(scheduler: Scheduler, args: readonly string[], xl: Xl): Promise<number> {
  const { values } = parseXlArguments(`sched-${scheduler}`, args, { options: OPTIONS }, xl.io);
  const host = await xl.host();
  if (values.domain !== undefined) return oneDomain(scheduler, values.domain, values, host, xl);
  if (values.weight !== undefined || values.cap !== undefined) {
    xl.io.err('Must specify a domain.\n');
    return 1;
  }
  const pools = await host.cpupools();
  const wanted = values.cpupool === undefined ? pools : pools.filter((pool) => named(pool, values.cpupool ?? ''));
  if (wanted.length === 0) {
    xl.io.err(`unknown cpupool '${values.cpupool}'\n`);
    return 1;
  }
  const setsPool = [values.tslice_ms, values.ratelimit_us, values.migration_delay_us].some((one) => one !== undefined);
  if (values.schedparam && setsPool) return setPool(scheduler, wanted[0] as NamedCpupool, values, host);
  const domains = await host.domains();
  for (const pool of wanted) {
    if (pool.scheduler !== scheduler && !values.schedparam) continue;
    xl.io.out(`Cpupool ${formatName(pool.name)}: ${await poolText(scheduler, pool, host)}\n`);
    if (values.schedparam) continue;
    xl.io.out(HEADER);
    for (const domain of domains.filter((one) => one.cpupool === pool.id)) {
      xl.io.out(await line(scheduler, domain.id, domain.name, host));
    }
  }
  return 0;
}

async function oneDomain(scheduler: Scheduler, text: string, values: Values, host: XenHost, xl: Xl): Promise<number> {
  const id = await findDomainId(host.xenstore, text);
  const changes = values.weight !== undefined || values.cap !== undefined;
  if (!changes) xl.io.out(HEADER);
  const pool = await host.hypervisor.cpupools.info((await host.domain(id))?.cpupool ?? 0);
  if (pool !== undefined && pool.scheduler !== scheduler) {
    xl.io.err(
      changes
        ? 'libxl_domain_sched_params_set failed.\n'
        : `libxl_domain_sched_params_get returned ${pool.scheduler} not ${scheduler}.\n`,
    );
    return 1;
  }
  if (!changes) {
    xl.io.out(await line(scheduler, id, await host.domainName(id), host));
    return 0;
  }
  const now = await host.hypervisor.schedulers.credit(id, scheduler);
  const weight = values.weight === undefined ? now.weight : Number(values.weight);
  const cap = values.cap === undefined ? now.cap : Number(values.cap);
  if (!inRange(weight, 1) || !inRange(cap, 0)) {
    xl.io.err('a weight is from 1 to 65535, a cap from 0 to 100 percent of each vCPU\n');
    xl.io.err('libxl_domain_sched_params_set failed.\n');
    return 1;
  }
  try {
    await host.hypervisor.schedulers.setCredit(id, scheduler, { weight, cap });
    return 0;
  } catch (error) {
    reportError(error, xl.io);
    xl.io.err('libxl_domain_sched_params_set failed.\n');
    return 1;
  }
}

async function setPool(scheduler: Scheduler, pool: NamedCpupool, values: Values, host: XenHost): Promise<number> {
  const { schedulers } = host.hypervisor;
  if (scheduler === 'credit2') {
    await schedulers.setCredit2RatelimitUs(pool.id, Number(values.ratelimit_us));
    return 0;
  }
  const now = await schedulers.creditPool(pool.id);
  const chosen = (value: string | boolean | undefined, old: number) => (value === undefined ? old : Number(value));
  await schedulers.setCreditPool(pool.id, {
    timesliceMs: chosen(values.tslice_ms, now.timesliceMs),
    ratelimitUs: chosen(values.ratelimit_us, now.ratelimitUs),
    migrationDelayUs: chosen(values.migration_delay_us, now.migrationDelayUs),
  });
  return 0;
}

async function poolText(scheduler: Scheduler, pool: NamedCpupool, host: XenHost): Promise<string> {
  const { schedulers } = host.hypervisor;
  if (pool.scheduler !== scheduler) return '[sched params unavailable]';
  if (scheduler === 'credit2') return `ratelimit=${await schedulers.credit2RatelimitUs(pool.id)}us`;
  const { timesliceMs, ratelimitUs, migrationDelayUs } = await schedulers.creditPool(pool.id);
  return `tslice=${timesliceMs}ms ratelimit=${ratelimitUs}us migration-delay=${migrationDelayUs}us`;
}

async function line(scheduler: Scheduler, id: number, name: string | undefined, host: XenHost): Promise<string> {
  const { weight, cap } = await host.hypervisor.schedulers.credit(id, scheduler);
  const right = [String(id).padStart(4), String(weight).padStart(6), String(cap).padStart(4)].join(' ');
  return `${formatName(name).padEnd(33)} ${right}\n`;
}

/** By name; the C tool takes no id here. */
function named(pool: NamedCpupool, name: string): boolean {
  return pool.name === name;
}

function inRange(number: number, from: number): boolean {
  return Number.isInteger(number) && number >= from && number <= MAX_WORD;
}
