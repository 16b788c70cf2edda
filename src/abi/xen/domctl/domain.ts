/** Domctls about the domain as a whole (xen-abi reference 5). */
import { nested, raw, s32, text, u16, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { bitmapLayout } from '../bitmap';
import { gap } from '../gap';
import type { BitmapHandle } from '../bitmap';
import type { DomctlCommand } from './command';

export const destroyDomain: DomctlCommand = { name: 'destroydomain', number: 2 };
export const pauseDomain: DomctlCommand = { name: 'pausedomain', number: 3 };
export const unpauseDomain: DomctlCommand = { name: 'unpausedomain', number: 4 };
export const resumeDomain: DomctlCommand = { name: 'resumedomain', number: 27 };
export const softReset: DomctlCommand = { name: 'soft_reset', number: 79 };

export const CREATE_DOMAIN = 1;
export const GET_DOMAIN_INFO = 5;

/** Bits of createdomain's flags. */
export const CDF_HVM = 1;
export const CDF_HAP = 2;
export const CDF_IOMMU = 32;
export const CDF_VPMU = 128;

export const GIC_VERSIONS = { native: 0, v2: 1, v3: 2 } as const;
export type GicVersion = keyof typeof GIC_VERSIONS;

export const TEE_TYPES = { none: 0, optee: 1 } as const;
export type TeeType = keyof typeof TEE_TYPES;

/** `struct xen_arch_domainconfig` of Arm. Which fields there are depends on the release. */
export interface ArchConfig {
  /** {@link GIC_VERSIONS}; the one chosen is written back. */
  readonly gicVersion: number;
  /** Since 4.18: the vector length in units of 128 bits. */
  readonly sveVectorLength?: number;
  /** Since 4.13. */
  readonly teeType?: number;
  readonly spiCount: number;
  /** Answer: the timer's frequency if the firmware does not set it, else 0. */
  readonly clockFrequency: number;
  /** NXP only: matched with `domain_name` of the device tree's nodes of guests (xen-abi reference 18). */
  readonly domainName?: string;
}

export const archConfig411 = new StructLayout<ArchConfig>('xen_arch_domainconfig', [
  u8('gicVersion'),
  gap(3),
  u32('spiCount'),
  u32('clockFrequency'),
]);
export const archConfig413 = new StructLayout<ArchConfig>('xen_arch_domainconfig', [
  u8('gicVersion'),
  gap(1),
  u16('teeType'),
  u32('spiCount'),
  u32('clockFrequency'),
]);
export const archConfig418 = new StructLayout<ArchConfig>('xen_arch_domainconfig', [
  u8('gicVersion'),
  u8('sveVectorLength'),
  u16('teeType'),
  u32('spiCount'),
  u32('clockFrequency'),
]);

/** The fork of NXP puts the domain's name behind the release's own fields. */
export function withDomainName(config: StructLayout<ArchConfig>): StructLayout<ArchConfig> {
  return config === archConfig411
    ? new StructLayout('xen_arch_domainconfig', [
        u8('gicVersion'),
        gap(3),
        u32('spiCount'),
        u32('clockFrequency'),
        text('domainName', 256),
      ])
    : new StructLayout('xen_arch_domainconfig', [
        u8('gicVersion'),
        gap(1),
        u16('teeType'),
        u32('spiCount'),
        u32('clockFrequency'),
        text('domainName', 256),
      ]);
}

/** `struct xen_domctl_createdomain`. The fields that may be missing are calls of their own, or not there, in older releases. */
export interface CreateDomain {
  readonly ssidRef?: number;
  /** The UUID, its bytes in the order in which it is written. */
  readonly handle: Uint8Array;
  readonly flags: number;
  readonly iommuOptions?: number;
  readonly maxVcpus?: number;
  readonly maxEventChannelPort?: number;
  /** -1: Xen's default. */
  readonly maxGrantFrames?: number;
  readonly maxMaptrackFrames?: number;
  /** Since 4.16. Bits 0 to 3: the highest version of grant tables. */
  readonly grantOptions?: number;
  /** Since 4.19; Arm has no such views of memory, and allows 0 only. */
  readonly altp2mOptions?: number;
  /** Since 4.15. */
  readonly vmtraceBytes?: number;
  /** Since 4.17. */
  readonly cpupool?: number;
  readonly arch: ArchConfig;
}

const identity = [u32('ssidRef'), raw('handle', 16), u32('flags')] as const;
const limits = [u32('maxVcpus'), u32('maxEventChannelPort'), s32('maxGrantFrames'), s32('maxMaptrackFrames')] as const;

export function createDomain411(arch: StructLayout<ArchConfig>): StructLayout<CreateDomain> {
  return new StructLayout('xen_domctl_createdomain', [...identity, nested('arch', arch)]);
}

/** From 4.13 on: fields of later releases stand between the limits and `arch`, in an order that differs. */
function createDomain(
  arch: StructLayout<ArchConfig>,
  ...added: readonly ('grantOptions' | 'altp2mOptions' | 'vmtraceBytes' | 'cpupool')[]
): StructLayout<CreateDomain> {
  return new StructLayout('xen_domctl_createdomain', [
    ...identity,
    u32('iommuOptions'),
    ...limits,
    ...added.map((name) => u32(name)),
    nested('arch', arch),
  ]);
}

export const createDomain413 = (arch: StructLayout<ArchConfig>) => createDomain(arch);
export const createDomain415 = (arch: StructLayout<ArchConfig>) => createDomain(arch, 'vmtraceBytes');
export const createDomain416 = (arch: StructLayout<ArchConfig>) => createDomain(arch, 'grantOptions', 'vmtraceBytes');
export const createDomain417 = (arch: StructLayout<ArchConfig>) =>
  createDomain(arch, 'grantOptions', 'vmtraceBytes', 'cpupool');
export const createDomain419 = (arch: StructLayout<ArchConfig>) =>
  createDomain(arch, 'grantOptions', 'altp2mOptions', 'vmtraceBytes', 'cpupool');

/** Bits of getdomaininfo's flags. */
export const DOMINF = {
  dying: 1,
  hvm: 2,
  shutdown: 4,
  paused: 8,
  blocked: 16,
  running: 32,
  debugged: 64,
  xenstore: 128,
  hap: 256,
} as const;

/** `struct xen_domctl_getdomaininfo`, also an element of sysctl getdomaininfolist. */
export interface DomainInfo {
  readonly domain: number;
  /** Bits of {@link DOMINF}; 16 to 23 hold the code of a shutdown. */
  readonly flags: number;
  readonly totalPages: bigint;
  readonly maxPages: bigint;
  readonly outstandingPages: bigint;
  readonly sharedPages: bigint;
  readonly pagedPages: bigint;
  readonly sharedInfoFrame: bigint;
  readonly cpuTimeNs: bigint;
  readonly onlineVcpus: number;
  /** 0xffffffff without any vCPU. */
  readonly maxVcpuId: number;
  readonly ssidRef: number;
  readonly handle: Uint8Array;
  readonly cpupool: number;
  /** Since 4.16: bits of a guest physical address. */
  readonly gpaddrBits?: number;
  readonly arch: ArchConfig;
}

const domainInfo = [
  u16('domain'),
  gap(2),
  u32('flags'),
  u64('totalPages'),
  u64('maxPages'),
  u64('outstandingPages'),
  u64('sharedPages'),
  u64('pagedPages'),
  u64('sharedInfoFrame'),
  u64('cpuTimeNs'),
  u32('onlineVcpus'),
  u32('maxVcpuId'),
  u32('ssidRef'),
  raw('handle', 16),
  u32('cpupool'),
] as const;

/** Structs with u64 fields are padded to a multiple of 8. */
const toEight = (sizeBytes: number) => (sizeBytes % 8 === 0 ? [] : [gap(8 - (sizeBytes % 8))]);

export function domainInfo411(arch: StructLayout<ArchConfig>): StructLayout<DomainInfo> {
  return new StructLayout('xen_domctl_getdomaininfo', [
    ...domainInfo,
    nested('arch', arch),
    ...toEight(96 + arch.sizeBytes),
  ]);
}

export function domainInfo416(arch: StructLayout<ArchConfig>): StructLayout<DomainInfo> {
  return new StructLayout('xen_domctl_getdomaininfo', [
    ...domainInfo,
    u8('gpaddrBits'),
    gap(7),
    nested('arch', arch),
    ...toEight(104 + arch.sizeBytes),
  ]);
}

export const setDomainHandle: DomctlCommand<{ handle: Uint8Array }> = {
  name: 'setdomainhandle',
  number: 17,
  layout: new StructLayout('xen_domctl_setdomainhandle', [raw('handle', 16)]),
};

export const setTimeOffset: DomctlCommand<{ seconds: bigint }> = {
  name: 'settimeoffset',
  number: 24,
  layout: new StructLayout('xen_domctl_settimeoffset', [u64('seconds')]),
};

export const sendTrigger: DomctlCommand<{ trigger: number; vcpu: number }> = {
  name: 'sendtrigger',
  number: 28,
  layout: new StructLayout('xen_domctl_sendtrigger', [u32('trigger'), u32('vcpu')]),
};

export const setAddressSize: DomctlCommand<{ bits: number }> = {
  name: 'set_address_size',
  number: 35,
  layout: new StructLayout('xen_domctl_address_size', [u32('bits')]),
};

export const setTarget: DomctlCommand<{ target: number }> = {
  name: 'set_target',
  number: 46,
  layout: new StructLayout('xen_domctl_set_target', [u32('target')]),
};

/** 4.11 only: part of the creation later. */
export const setMaxEventChannel: DomctlCommand<{ maxPort: number }> = {
  name: 'set_max_evtchn',
  number: 70,
  layout: new StructLayout('xen_domctl_set_max_evtchn', [u32('maxPort')]),
};

/** 4.11 only. */
export const setGrantTableLimits: DomctlCommand<{ grantFrames: number; maptrackFrames: number }> = {
  name: 'set_gnttab_limits',
  number: 80,
  layout: new StructLayout('xen_domctl_set_gnttab_limits', [u32('grantFrames'), u32('maptrackFrames')]),
};

export interface NodeAffinity {
  readonly nodes: BitmapHandle;
}

export const setNodeAffinity: DomctlCommand<NodeAffinity> = {
  name: 'setnodeaffinity',
  number: 68,
  layout: new StructLayout('xen_domctl_nodeaffinity', [nested('nodes', bitmapLayout)]),
};
export const getNodeAffinity: DomctlCommand<NodeAffinity> = {
  name: 'getnodeaffinity',
  number: 69,
  layout: new StructLayout('xen_domctl_nodeaffinity', [nested('nodes', bitmapLayout)]),
};
