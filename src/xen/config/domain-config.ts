import type { CpuMask } from './cpu-mask';
import type { DiskSpec } from './disk-spec';
import type { IoMemory } from './passthrough';
import type { Vi2cSpec } from './vi2c-spec';
import type { VifSpec } from './vif-spec';

/** What follows when a domain has ended. */
export const END_ACTIONS = [
  'destroy',
  'restart',
  'rename-restart',
  'preserve',
  'coredump-destroy',
  'coredump-restart',
  'soft-reset',
] as const;
export type EndAction = (typeof END_ACTIONS)[number];

export interface EndActions {
  readonly poweroff: EndAction;
  readonly reboot: EndAction;
  readonly watchdog: EndAction;
  readonly crash: EndAction;
  readonly softReset: EndAction;
}

export type PassthroughMode = 'disabled' | 'enabled' | 'sync_pt' | 'share_pt';

/** One mask for every vCPU, or one for each. */
export type VcpuMasks =
  { readonly kind: 'same'; readonly mask: CpuMask } | { readonly kind: 'each'; readonly masks: readonly CpuMask[] };

/** A domain as a configuration describes it. What is absent was not said: Xen or the builder has a default for it. */
export interface DomainConfig {
  readonly name: string;
  /** In small letters, with dashes. */
  readonly uuid: string;
  readonly type: 'pvh' | 'pv' | 'hvm';
  readonly pool?: string | undefined;
  readonly vcpus?: number | undefined;
  readonly maxVcpus?: number | undefined;
  readonly hardAffinity?: VcpuMasks | undefined;
  readonly softAffinity?: VcpuMasks | undefined;
  readonly cpuWeight?: number | undefined;
  /** Percent of one CPU. */
  readonly cpuCap?: number | undefined;
  readonly memoryKiB?: number | undefined;
  readonly maxMemoryKiB?: number | undefined;
  /** Paths of files. */
  readonly kernel?: string | undefined;
  readonly ramdisk?: string | undefined;
  readonly deviceTree?: string | undefined;
  readonly commandLine?: string | undefined;
  readonly onEnd: EndActions;
  readonly disks: readonly DiskSpec[];
  readonly vifs: readonly VifSpec[];
  readonly vi2cs: readonly Vi2cSpec[];
  /** Paths of nodes in the host's device tree. */
  readonly assignedDevices: readonly string[];
  readonly ioMemory: readonly IoMemory[];
  /** INTIDs of shared peripheral interrupts. */
  readonly interrupts: readonly number[];
  readonly passthrough?: PassthroughMode | undefined;
  readonly gicVersion?: 'v2' | 'v3' | undefined;
  readonly hasVuart: boolean;
  /** NXP's emulated PL031 clock. */
  readonly hasVrtc: boolean;
  /** `trusty` is what NXP's Xen 4.11 means by `tee = 1`. */
  readonly tee?: 'none' | 'optee' | 'trusty' | undefined;
  readonly securityLabel?: string | undefined;
  readonly initSecurityLabel?: string | undefined;
  readonly driverDomain?: boolean | undefined;
  readonly noMigration?: boolean | undefined;
  readonly vpmu?: boolean | undefined;
  readonly maxEventChannels?: number | undefined;
  readonly maxGrantFrames?: number | undefined;
  readonly maxMaptrackFrames?: number | undefined;
  readonly maxGrantVersion?: number | undefined;
}
