import { BuildError } from './build-error';
import type { CpuTopology } from '../config';
import type { Hypervisor } from '../hypervisor/hypervisor';
import type { BuildHost } from './host';

/** The host's CPUs, and their nodes. */
export async function affinityTopology({ host }: Hypervisor): Promise<CpuTopology> {
  const cpus = await host.cpuTopology();
  return { cpuCount: cpus.length, nodeOf: (cpu) => cpus[cpu]?.node };
}

/** Pool-0 when none is named. Throws BuildError `E_XEN_UNSUPPORTED`. */
export async function poolNumber({ store }: BuildHost, name: string | undefined): Promise<number> {
  if (name === undefined) return 0;
  const pools = await store.directoryIfThere('/local/pool');
  const names = await Promise.all(pools.map((pool) => store.readIfThere(`/local/pool/${pool}/name`)));
  const found = pools.find((pool, index) => names[index] === name || pool === name);
  if (found !== undefined) return Number(found);
  const known = names.filter((known) => known !== undefined).join(', ');
  throw new BuildError('E_XEN_UNSUPPORTED', `pool: there is no CPU pool ${name}`, `there are ${known}`);
}

/** A domain by its name or number; this one when none is named. Throws BuildError `E_XEN_CONFIG`. */
export async function backendDomid({ store }: BuildHost, name: string | undefined): Promise<number> {
  if (name === undefined) return 0;
  const domids = await store.directoryIfThere('/local/domain');
  if (domids.includes(name)) return Number(name);
  const names = await Promise.all(domids.map((domid) => store.readIfThere(`/local/domain/${domid}/name`)));
  const index = names.indexOf(name);
  if (index >= 0) return Number(domids[index]);
  throw new BuildError('E_XEN_CONFIG', `backend: there is no domain ${name}`);
}
