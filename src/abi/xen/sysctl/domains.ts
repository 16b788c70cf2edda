/** Sysctls about domains, CPU pools and schedulers (xen-abi reference 6 and 16). */
import { nested, u16, u32, u64 } from '../../field';
import { StructLayout } from '../../layout';
import { bitmapLayout } from '../bitmap';
import { gap } from '../gap';
import type { BitmapHandle } from '../bitmap';
import type { SysctlCommand } from './command';

export interface DomainInfoList {
  /** The first domain at or after this one is the first that is listed. */
  readonly firstDomain: number;
  readonly maxDomains: number;
  readonly bufferAddress: bigint;
  /** Answer. */
  readonly count: number;
}

export const getDomainInfoList: SysctlCommand<DomainInfoList> = {
  name: 'getdomaininfolist',
  number: 6,
  layout: new StructLayout('xen_sysctl_getdomaininfolist', [
    u16('firstDomain'),
    gap(2),
    u32('maxDomains'),
    u64('bufferAddress'),
    u32('count'),
    gap(4),
  ]),
};

export const CPUPOOL_CREATE = 1;
export const CPUPOOL_DESTROY = 2;
export const CPUPOOL_INFO = 3;
export const CPUPOOL_ADD_CPU = 4;
export const CPUPOOL_REMOVE_CPU = 5;
export const CPUPOOL_MOVE_DOMAIN = 6;
export const CPUPOOL_FREE_CPUS = 7;
/** Any pool, at the creation; any CPU. */
export const CPUPOOL_ANY = 0xffff_ffff;

export interface CpupoolOperation {
  readonly operation: number;
  readonly pool: number;
  readonly scheduler: number;
  readonly domain: number;
  readonly cpu: number;
  /** Answer of INFO. */
  readonly domainCount: number;
  readonly cpus: BitmapHandle;
}

export const cpupool: SysctlCommand<CpupoolOperation> = {
  name: 'cpupool_op',
  number: 18,
  layout: new StructLayout('xen_sysctl_cpupool_op', [
    u32('operation'),
    u32('pool'),
    u32('scheduler'),
    u32('domain'),
    u32('cpu'),
    u32('domainCount'),
    nested('cpus', bitmapLayout),
  ]),
};

export const SCHEDULER_PUT = 0;
export const SCHEDULER_GET = 1;

interface SchedulerHead {
  readonly pool: number;
  readonly scheduler: number;
  readonly command: number;
}

export interface CreditPool {
  readonly timesliceMs: number;
  readonly ratelimitUs: number;
  /** Since 4.12; the union's rest is zero before. */
  readonly migrationDelayUs: number;
}

const head = [u32('pool'), u32('scheduler'), u32('command'), gap(4)] as const;

export const creditPool: SysctlCommand<SchedulerHead & CreditPool> = {
  name: 'scheduler_op',
  number: 19,
  layout: new StructLayout('xen_sysctl_scheduler_op', [
    ...head,
    u32('timesliceMs'),
    u32('ratelimitUs'),
    u32('migrationDelayUs'),
    gap(4),
  ]),
};

export const credit2Pool: SysctlCommand<SchedulerHead & { ratelimitUs: number }> = {
  name: 'scheduler_op',
  number: 19,
  layout: new StructLayout('xen_sysctl_scheduler_op', [...head, u32('ratelimitUs'), gap(12)]),
};
