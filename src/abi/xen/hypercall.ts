import { u64 } from '../field';
import { StructLayout } from '../layout';

/** Hypercall numbers, the same in all releases here (xen-abi reference 3). */
export const HYPERCALL = {
  memory_op: 12,
  multicall: 13,
  xen_version: 17,
  grant_table_op: 20,
  vcpu_op: 24,
  xsm_op: 27,
  sched_op: 29,
  event_channel_op: 32,
  physdev_op: 33,
  hvm_op: 34,
  sysctl: 35,
  domctl: 36,
} as const;

export type HypercallName = keyof typeof HYPERCALL;

/** Domain ids from here on have a meaning of their own (xen-abi reference 3). */
export const DOMID_FIRST_RESERVED = 0x7ff0;
export const DOMID_SELF = 0x7ff0;
export const DOMID_INVALID = 0x7ff4;

export const PAGE_BYTES = 4096;

/** `struct privcmd_hypercall` (xen-abi reference 1). */
export const privcmdHypercallLayout = new StructLayout<{
  op: bigint;
  arg0: bigint;
  arg1: bigint;
  arg2: bigint;
  arg3: bigint;
  arg4: bigint;
}>('privcmd_hypercall', [u64('op'), u64('arg0'), u64('arg1'), u64('arg2'), u64('arg3'), u64('arg4')]);

export interface MulticallEntry {
  readonly op: bigint;
  /** What the hypercall returned: in full, where privcmd would cut it to 32 bits. */
  readonly result: bigint;
  readonly arg0: bigint;
  readonly arg1: bigint;
  readonly arg2: bigint;
  readonly arg3: bigint;
  readonly arg4: bigint;
  readonly arg5: bigint;
}

/** `struct multicall_entry` (xen-abi reference 3). */
export const multicallEntryLayout = new StructLayout<MulticallEntry>('multicall_entry', [
  u64('op'),
  u64('result'),
  u64('arg0'),
  u64('arg1'),
  u64('arg2'),
  u64('arg3'),
  u64('arg4'),
  u64('arg5'),
]);
