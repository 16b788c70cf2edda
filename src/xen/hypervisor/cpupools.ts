import { decodeBits } from '../../abi/xen/bitmap';
import { SCHEDULERS, schedulerName } from '../../abi/xen/sched';
import { decodeSysctl } from '../../abi/xen/sysctl/command';
import * as abi from '../../abi/xen/sysctl/domains';
import { KernelError } from '../../errors';
import type { SchedulerName } from '../../abi/xen/sched';
import type { CpupoolOperation } from '../../abi/xen/sysctl/domains';
import type { Host } from './host';
import type { HypercallPort } from './port';

export interface Cpupool {
  readonly id: number;
  readonly scheduler: SchedulerName | number;
  readonly domainCount: number;
  readonly cpus: readonly number[];
}

/** Groups of CPUs, each with a scheduler. Their names are in xenstore. */
export class Cpupools {
  constructor(
    private readonly port: HypercallPort,
    private readonly host: Host,
  ) {}

  async list(): Promise<Cpupool[]> {
    const bits = (await this.host.physInfo()).maxCpuId + 1;
    const pools: Cpupool[] = [];
    for (let first = 0; ; first = (pools.at(-1)?.id ?? 0) + 1) {
      const pool = await this.atOrAfter(first, bits);
      if (pool === undefined) return pools;
      pools.push(pool);
    }
  }

  async info(pool: number): Promise<Cpupool | undefined> {
    const found = await this.atOrAfter(pool, (await this.host.physInfo()).maxCpuId + 1);
    return found?.id === pool ? found : undefined;
  }

  /** @returns its id */
  async create(scheduler: SchedulerName): Promise<number> {
    return (await this.call(abi.CPUPOOL_CREATE, { pool: abi.CPUPOOL_ANY, scheduler: SCHEDULERS[scheduler] }, 'create'))
      .pool;
  }

  /** @throws KernelError EBUSY while a domain or a CPU is in it */
  async destroy(pool: number): Promise<void> {
    await this.call(abi.CPUPOOL_DESTROY, { pool }, `destroy ${pool}`);
  }

  /** @throws KernelError EBUSY unless the CPU is free */
  async addCpu(pool: number, cpu: number): Promise<void> {
    await this.call(abi.CPUPOOL_ADD_CPU, { pool, cpu }, `add CPU ${cpu} to ${pool}`);
  }

  /** @throws KernelError EBUSY for the last CPU of a pool with domains */
  async removeCpu(pool: number, cpu: number): Promise<void> {
    await this.call(abi.CPUPOOL_REMOVE_CPU, { pool, cpu }, `remove CPU ${cpu} from ${pool}`);
  }

  async moveDomain(pool: number, domain: number): Promise<void> {
    await this.call(abi.CPUPOOL_MOVE_DOMAIN, { pool, domain }, `move domain ${domain} to ${pool}`);
  }

  /** CPUs in no pool. */
  async freeCpus(): Promise<number[]> {
    const bits = (await this.host.physInfo()).maxCpuId + 1;
    const map = new Uint8Array(Math.ceil(bits / 8));
    await this.call(abi.CPUPOOL_FREE_CPUS, {}, 'free CPUs', map, bits);
    return decodeBits(map);
  }

  private async atOrAfter(pool: number, bits: number): Promise<Cpupool | undefined> {
    const map = new Uint8Array(Math.ceil(bits / 8));
    try {
      const found = await this.call(abi.CPUPOOL_INFO, { pool }, `info ${pool}`, map, bits);
      return {
        id: found.pool,
        scheduler: schedulerName(found.scheduler) ?? found.scheduler,
        domainCount: found.domainCount,
        cpus: decodeBits(map),
      };
    } catch (error) {
      if (error instanceof KernelError && error.errno === 'ENOENT') return undefined;
      throw error;
    }
  }

  private async call(
    operation: number,
    fields: Partial<CpupoolOperation>,
    what: string,
    map?: Uint8Array,
    bits = 0,
  ): Promise<CpupoolOperation> {
    const command = { ...abi.cpupool, name: `cpupool_op ${what}` };
    const cpus = { address: 0n, bitCount: bits };
    const answer = await this.port.sysctl(command, { ...fields, operation, cpus }, { 'cpus.address': map });
    return decodeSysctl(abi.cpupool.layout, answer);
  }
}
