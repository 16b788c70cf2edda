import { CellvisorError } from '../../errors';
import { reportError } from '../report';
import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import type { CommandIo } from '../command';
import type { CpuTopology } from '../../xen/config';
import type { XenHost } from '../../xen/host/xen-host';
import type { Xl } from './xl';

const OPTIONS = {
  force: { type: 'boolean', short: 'f' },
  'ignore-global-affinity-masks': { type: 'boolean' },
} as const;

/** `-` leaves an affinity as it is. */
const UNCHANGED = '-';

export async function vcpuPin(args: readonly string[], xl: Xl): Promise<number> {
  const { values, positionals } = parseXlArguments('vcpu-pin', args, { options: OPTIONS, minimum: 3 }, xl.io);
  const [name = '', vcpuText = '', hardText = UNCHANGED, softText = UNCHANGED] = positionals;
  const host = await xl.host();
  const id = await findDomainId(host.xenstore, name);
  if (vcpuText !== 'all' && !/^\d+$/.test(vcpuText)) return fail(xl.io, `Error: Invalid argument ${vcpuText} as VCPU.`);
  const topology = await topologyOf(host);
  const { cpuCount } = topology;
  const hard = await readAffinity(hardText, topology);
  const soft = await readAffinity(softText, topology);
  if (hard?.every((cpu) => cpu >= cpuCount)) return fail(xl.io, 'vcpu hard affinity map is empty');
  if (soft?.every((cpu) => cpu >= cpuCount)) return fail(xl.io, 'vcpu soft affinity map is empty');
  const wanted = { ...(hard && { hard }), ...(soft && { soft }) };
  const vcpus = vcpuText === 'all' ? await allVcpus(host, id) : [Number(vcpuText)];
  for (const vcpu of vcpus) {
    if (Object.keys(wanted).length === 0) continue;
    try {
      await host.hypervisor.vcpus.setAffinity(id, vcpu, wanted, { cpuCount, isForced: values.force === true });
    } catch (error) {
      reportError(error, xl.io);
      return fail(xl.io, `Could not set affinity for vcpu \`${vcpu}'.`);
    }
  }
  return 0;
}

async function topologyOf(host: XenHost): Promise<CpuTopology> {
  const cpus = await host.hypervisor.host.cpuTopology();
  return { cpuCount: cpus.length, nodeOf: (cpu) => cpus[cpu]?.node };
}

async function allVcpus(host: XenHost, id: number): Promise<number[]> {
  return Array.from({ length: (await host.domain(id))?.vcpuCount ?? 0 }, (_, vcpu) => vcpu);
}

/** @throws CellvisorError for text that is no list of CPUs */
async function readAffinity(text: string, topology: CpuTopology): Promise<readonly number[] | undefined> {
  if (text === UNCHANGED) return undefined;
  const { parseCpuMask, resolveCpuMask } = await import('../../xen/config');
  try {
    return resolveCpuMask(parseCpuMask(text, 'cpus', 0), topology);
  } catch (cause) {
    throw new CellvisorError(`Invalid pcpu range: ${text}.`, { code: 'E_CPU', operation: 'read CPUs', cause });
  }
}

function fail(io: CommandIo, line: string): 1 {
  io.err(`${line}\n`);
  return 1;
}
