import { hostname, machine, release, version } from 'node:os';
import { KernelError } from '../../errors';
import { parseXlArguments } from './arguments';
import { formatJson } from './format';
import type { XenHost } from '../../xen/host/xen-host';
import type { Xl } from './xl';

const OPTIONS = { numa: { type: 'boolean', short: 'n' }, json: { type: 'boolean' } } as const;
const PAGES_PER_MIB = 256n;
const MIB = 1024n * 1024n;
/** Of the configuration files' format: the C tool has never changed it. */
const CONFIG_FORMAT = '4';

type Line = readonly [name: string, value: string];

/** `xl info`: host, memory, and what Xen says about itself. */
export async function info(args: readonly string[], xl: Xl): Promise<number> {
  const { values } = parseXlArguments('info', args, { options: OPTIONS }, xl.io);
  const host = await xl.host();
  const lines = [...kernelLines(), ...(await hardwareLines(host))];
  const xen = await xenLines(host);
  if (values.json) {
    xl.io.out(formatJson(Object.fromEntries([...lines, ...xen])));
    return 0;
  }
  xl.io.out(text(lines) + (values.numa ? await topology(host) : '') + text(xen));
  return 0;
}

function text(lines: readonly Line[]): string {
  return lines.map(([name, value]) => `${name.padEnd(22)} : ${value}\n`).join('');
}

function kernelLines(): Line[] {
  return [
    ['host', hostname()],
    ['release', release()],
    ['version', version()],
    ['machine', machine()],
  ];
}

async function hardwareLines({ hypervisor }: XenHost): Promise<Line[]> {
  const physical = await hypervisor.host.physInfo();
  const sharing = await hypervisor.memory.sharing();
  const capabilities = await hypervisor.host.capabilityNames();
  return [
    ['nr_cpus', `${physical.cpuCount}`],
    ['max_cpu_id', `${physical.maxCpuId}`],
    ['nr_nodes', `${physical.nodeCount}`],
    ['cores_per_socket', `${physical.coresPerSocket}`],
    ['threads_per_core', `${physical.threadsPerCore}`],
    ['cpu_mhz', (physical.cpuKhz / 1000).toFixed(3)],
    ['hw_caps', physical.hardwareCapabilities.map((word) => word.toString(16).padStart(8, '0')).join(':')],
    ['virt_caps', capabilities.join(' ')],
    ['total_memory', `${physical.totalPages / PAGES_PER_MIB}`],
    // The C tool counts pages that wait to be scrubbed as free.
    ['free_memory', `${(physical.freePages + physical.scrubPages) / PAGES_PER_MIB}`],
    ['sharing_freed_memory', `${(sharing?.freedPages ?? 0n) / PAGES_PER_MIB}`],
    ['sharing_used_memory', `${(sharing?.sharedPages ?? 0n) / PAGES_PER_MIB}`],
    ['outstanding_claims', `${physical.outstandingPages / PAGES_PER_MIB}`],
    ['free_cpus', `${(await hypervisor.cpupools.freeCpus()).length}`],
  ];
}

async function xenLines({ hypervisor }: XenHost): Promise<Line[]> {
  const { version: ask } = hypervisor;
  const { major, minor } = await ask.number();
  const extra = await ask.extra();
  const compiled = await ask.compileInfo();
  const virtStart = (await ask.virtStart()).toString(16);
  return [
    ['xen_major', `${major}`],
    ['xen_minor', `${minor}`],
    ['xen_extra', extra],
    ['xen_version', `${major}.${minor}${extra}`],
    ['xen_caps', await ask.capabilities()],
    ['xen_scheduler', `${await hypervisor.host.scheduler()}`],
    ['xen_pagesize', `${await ask.pageBytes()}`],
    ['platform_params', `virt_start=0x${virtStart}`],
    ['xen_changeset', await ask.changeset()],
    ['xen_commandline', await ask.commandLine()],
    ['cc_compiler', compiled.compiler],
    ['cc_compile_by', compiled.compileBy],
    ['cc_compile_domain', compiled.compileDomain],
    ['cc_compile_date', compiled.compileDate],
    ['build_id', await buildId(hypervisor)],
    ['xend_config_format', CONFIG_FORMAT],
  ];
}

async function buildId({ version: ask }: XenHost['hypervisor']): Promise<string> {
  try {
    return await ask.buildId();
  } catch (error) {
    // Linked without one.
    if (error instanceof KernelError && error.errno === 'ENODATA') return '';
    throw error;
  }
}

async function topology({ hypervisor }: XenHost): Promise<string> {
  const cpus = await hypervisor.host.cpuTopology();
  const nodes = await hypervisor.host.numaNodes();
  const lines = ['cpu_topology           :', 'cpu:    core    socket     node'];
  cpus.forEach((place, cpu) => {
    if (place) lines.push(`${pad(cpu, 3)}: ${pad(place.core, 7)} ${pad(place.socket, 8)} ${pad(place.node, 8)}`);
  });
  lines.push('numa_info              :', 'node:    memsize    memfree    distances');
  nodes.forEach(({ sizeBytes, freeBytes, distances }, node) => {
    const [first = 0, ...others] = distances;
    const far = [`${pad(first, 8)}`, ...others.map((one) => `,${one}`)].join('');
    lines.push(`${pad(node, 4)}:    ${pad(sizeBytes / MIB, 6)}     ${pad(freeBytes / MIB, 6)}${far}`);
  });
  return `${lines.join('\n')}\n`;
}

function pad(number: number | bigint, width: number): string {
  return String(number).padStart(width);
}
