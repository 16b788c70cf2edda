/** Domctl scheduler_op: parameters of one domain (xen-abi reference 16). */
import { u16, u32, u64 } from '../../field';
import { StructLayout } from '../../layout';
import { gap } from '../gap';

export const SCHEDULER_OP = 16;
export const SCHEDOP_PUT = 0;
export const SCHEDOP_GET = 1;
export const SCHEDOP_PUT_VCPUS = 2;
export const SCHEDOP_GET_VCPUS = 3;

interface SchedulerHead {
  readonly scheduler: number;
  readonly command: number;
}

export interface CreditParameters {
  readonly weight: number;
  /** Percent of one CPU; 0: none. */
  readonly cap: number;
}

export interface RtdsParameters {
  readonly periodUs: number;
  readonly budgetUs: number;
  /** 1: may run beyond its budget while nobody else wants the CPU. */
  readonly flags: number;
}

const head = [u32('scheduler'), u32('command')] as const;

/** Of credit and credit2. */
export const creditDomainLayout = new StructLayout<SchedulerHead & CreditParameters>('xen_domctl_scheduler_op', [
  ...head,
  u16('weight'),
  u16('cap'),
  gap(12),
]);

export const rtdsDomainLayout = new StructLayout<SchedulerHead & RtdsParameters>('xen_domctl_scheduler_op', [
  ...head,
  u32('periodUs'),
  u32('budgetUs'),
  u32('flags'),
  gap(4),
]);

export interface VcpuParameters {
  readonly vcpusAddress: bigint;
  readonly count: number;
}

export const vcpusDomainLayout = new StructLayout<SchedulerHead & VcpuParameters>('xen_domctl_scheduler_op', [
  ...head,
  u64('vcpusAddress'),
  u32('count'),
  gap(4),
]);

/** `struct xen_domctl_schedparam_vcpu`, as rtds uses it. */
export const rtdsVcpuLayout = new StructLayout<RtdsParameters & { vcpu: number }>('xen_domctl_schedparam_vcpu', [
  u32('periodUs'),
  u32('budgetUs'),
  u32('flags'),
  u32('vcpu'),
]);
