/** Sysctls about the machine (xen-abi reference 6). */
import { s32, u32, u32Array, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { gap } from '../gap';
import type { SysctlCommand } from './command';

export interface ReadConsole {
  /** 1: empties the ring. */
  readonly clear: number;
  /** 1: only what was written since `index`. */
  readonly incremental: number;
  /** In and out. */
  readonly index: number;
  readonly bufferAddress: bigint;
  /** In: the buffer's size; out: bytes written. */
  readonly count: number;
}

export const readConsole: SysctlCommand<ReadConsole> = {
  name: 'readconsole',
  number: 1,
  layout: new StructLayout('xen_sysctl_readconsole', [
    u8('clear'),
    u8('incremental'),
    gap(2),
    u32('index'),
    u64('bufferAddress'),
    u32('count'),
    gap(4),
  ]),
};

export const PHYSINFO = 3;

/** `struct xen_sysctl_physinfo`. */
export interface PhysInfo {
  readonly threadsPerCore: number;
  readonly coresPerSocket: number;
  readonly cpuCount: number;
  readonly maxCpuId: number;
  readonly nodeCount: number;
  readonly maxNodeId: number;
  /** Of the timer, on Arm. */
  readonly cpuKhz: number;
  /** Bits; what they mean depends on the release. */
  readonly capabilities: number;
  readonly archCapabilities?: number;
  readonly totalPages: bigint;
  readonly freePages: bigint;
  readonly scrubPages: bigint;
  readonly outstandingPages: bigint;
  readonly maxFrame: bigint;
  readonly hardwareCapabilities: readonly number[];
}

const counts = [
  u32('threadsPerCore'),
  u32('coresPerSocket'),
  u32('cpuCount'),
  u32('maxCpuId'),
  u32('nodeCount'),
  u32('maxNodeId'),
  u32('cpuKhz'),
  u32('capabilities'),
] as const;
const pages = [
  u64('totalPages'),
  u64('freePages'),
  u64('scrubPages'),
  u64('outstandingPages'),
  u64('maxFrame'),
  u32Array('hardwareCapabilities', 8),
] as const;

export const physInfo411 = new StructLayout<PhysInfo>('xen_sysctl_physinfo', [...counts, ...pages]);
export const physInfo417 = new StructLayout<PhysInfo>('xen_sysctl_physinfo', [
  ...counts,
  u32('archCapabilities'),
  gap(4),
  ...pages,
]);

export const schedulerId: SysctlCommand<{ scheduler: number }> = {
  name: 'sched_id',
  number: 4,
  layout: new StructLayout('xen_sysctl_sched_id', [u32('scheduler')]),
};

export const debugKeys: SysctlCommand<{ keysAddress: bigint; count: number }> = {
  name: 'debug_keys',
  number: 7,
  layout: new StructLayout('xen_sysctl_debug_keys', [u64('keysAddress'), u32('count'), gap(4)]),
};

export interface AvailableHeap {
  readonly minBits: number;
  readonly maxBits: number;
  /** -1: all nodes. */
  readonly node: number;
  /** Answer. */
  readonly availableBytes: bigint;
}

export const availableHeap: SysctlCommand<AvailableHeap> = {
  name: 'availheap',
  number: 9,
  layout: new StructLayout('xen_sysctl_availheap', [
    u32('minBits'),
    u32('maxBits'),
    s32('node'),
    gap(4),
    u64('availableBytes'),
  ]),
};

/** Without a buffer: Xen only says how many entries it has. */
export const cpuTopology: SysctlCommand<{ count: number; entriesAddress: bigint }> = {
  name: 'cputopoinfo',
  number: 16,
  layout: new StructLayout('xen_sysctl_cputopoinfo', [u32('count'), gap(4), u64('entriesAddress')]),
};

export interface CpuPlace {
  readonly core: number;
  readonly socket: number;
  readonly node: number;
}

/** All bits set in `core`: the CPU is offline. */
export const cpuPlaceLayout = new StructLayout<CpuPlace>('xen_sysctl_cputopo', [
  u32('core'),
  u32('socket'),
  u32('node'),
]);

export interface NumaInfo {
  readonly count: number;
  readonly memoryAddress: bigint;
  readonly distanceAddress: bigint;
}

export const numaInfo: SysctlCommand<NumaInfo> = {
  name: 'numainfo',
  number: 17,
  layout: new StructLayout('xen_sysctl_numainfo', [u32('count'), gap(4), u64('memoryAddress'), u64('distanceAddress')]),
};

export const nodeMemoryLayout = new StructLayout<{ sizeBytes: bigint; freeBytes: bigint }>('xen_sysctl_meminfo', [
  u64('sizeBytes'),
  u64('freeBytes'),
]);
