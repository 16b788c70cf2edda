import { SHUTDOWN_REASONS } from '../../abi/xen/sched';
import { parseXlArguments } from './arguments';
import { commandNamed, helpOf } from './catalog';
import { findDomain } from './domain-selector';
import { formatJson, formatName, formatSet } from './format';
import type { Domain } from '../../xen/host/domain';
import type { XenHost } from '../../xen/host/xen-host';
import type { Xl } from './xl';

const OPTIONS = {
  long: { type: 'boolean', short: 'l' },
  verbose: { type: 'boolean', short: 'v' },
  context: { type: 'boolean', short: 'Z' },
  cpupool: { type: 'boolean', short: 'c' },
  numa: { type: 'boolean', short: 'n' },
  json: { type: 'boolean' },
} as const;

type Shown = { readonly [K in keyof typeof OPTIONS]?: boolean | undefined };

/** `xl list`: what the C tool prints, column by column. */
export async function list(args: readonly string[], xl: Xl): Promise<number> {
  const { values, positionals } = parseXlArguments('list', args, { options: OPTIONS }, xl.io);
  const [wanted, ...more] = positionals;
  if (more.length > 0) {
    xl.io.out(helpOf(commandNamed('list')));
    return 1;
  }
  const host = await xl.host();
  const domains = wanted === undefined ? await host.domains() : [await findDomain(host, wanted)];
  if (values.long) {
    const { printLong } = await import('./list-long');
    return printLong(host, domains, xl.io);
  }
  xl.io.out(values.json ? formatJson(domains) : await table(host, domains, values));
  return 0;
}

async function table(host: XenHost, domains: readonly Domain[], shown: Shown): Promise<string> {
  const nodeCount = shown.numa ? (await host.hypervisor.host.numaNodes()).length : 0;
  const lines = await Promise.all(domains.map((domain) => line(host, domain, shown, nodeCount)));
  const header = [
    'Name                                        ID   Mem VCPUs\tState\tTime(s)',
    shown.verbose ? '   UUID                            Reason-Code\tSecurity Label' : '',
    shown.context && !shown.verbose ? '   Security Label' : '',
    shown.cpupool ? '         Cpupool' : '',
    shown.numa ? ' NODE Affinity' : '',
  ].join('');
  return `${[header, ...lines].join('\n')}\n`;
}

async function line(host: XenHost, domain: Domain, shown: Shown, nodeCount: number): Promise<string> {
  const memoryMib = Math.floor((domain.memoryKib + domain.outstandingKib) / 1024);
  const fields = [
    formatName(domain.name).padEnd(40),
    ` ${pad(domain.id, 5)} ${pad(memoryMib, 5)} ${pad(domain.onlineVcpus, 5)}     ${state(domain)}`,
    `  ${domain.cpuTimeSeconds.toFixed(1).padStart(8)}`,
  ];
  if (shown.verbose) fields.push(` ${domain.uuid} ${reason(domain).padStart(8)}`);
  // Labels are FLASK's, which Arm's Xen is not built with.
  if (shown.verbose || shown.context) fields.push(` ${'-'.padStart(16)}`);
  if (shown.cpupool) fields.push(formatName(await host.cpupoolName(domain.cpupool)).padStart(16));
  if (shown.numa) {
    const nodes = await host.hypervisor.vcpus.nodeAffinity(domain.id, nodeCount);
    fields.push(` ${formatSet(nodes, nodeCount)}`);
  }
  return fields.join('');
}

function state(domain: Domain): string {
  return [
    domain.isRunning ? 'r' : '-',
    domain.isBlocked ? 'b' : '-',
    domain.isPaused ? 'p' : '-',
    domain.isShutDown ? 's' : '-',
    domain.shutdownReason === 'crash' ? 'c' : '-',
    domain.isDying ? 'd' : '-',
  ].join('');
}

/** In hexadecimal, of a domain that is at its end. */
function reason({ isShutDown, isDying, shutdownReason }: Domain): string {
  if (!isShutDown && !isDying) return '-';
  const code = typeof shutdownReason === 'string' ? SHUTDOWN_REASONS.indexOf(shutdownReason) : (shutdownReason ?? -1);
  return code < 0 ? '-' : code.toString(16);
}

function pad(number: number, width: number): string {
  return String(number).padStart(width);
}
