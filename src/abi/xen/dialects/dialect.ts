import type { StructLayout } from '../../layout';
import type { CreateDomain, DomainInfo } from '../domctl/domain';
import type { IrqPermission } from '../domctl/devices';
import type { VcpuContext } from '../domctl/vcpu';
import type { PhysInfo } from '../sysctl/host';
import type { GuestMemoryMap } from './guest-memory';

/** What a release of Xen speaks to a toolstack: interface numbers, the structs that differ, and what it can do. */
export interface XenDialect {
  /** As `--target` names it: `4.17`, `nxp-4.11`. */
  readonly name: string;
  /** What xen_version must answer. */
  readonly major: number;
  readonly minor: number;
  readonly domctlVersion: number;
  readonly sysctlVersion: number;
  /** Size of `struct xen_domctl`. */
  readonly domctlBytes: number;
  /** What it has no field for is a call of its own after the creation: limits of event channels and grants, moving to a pool. */
  readonly createDomain: StructLayout<CreateDomain>;
  readonly domainInfo: StructLayout<DomainInfo>;
  readonly vcpuContext: StructLayout<VcpuContext>;
  readonly irqPermission: StructLayout<IrqPermission>;
  readonly physInfo: StructLayout<PhysInfo>;
  readonly guestMemory: GuestMemoryMap;
  /** createdomain's flags of an Arm guest: 4.12 is the first to insist on them (xen-abi reference 5). */
  readonly guestFlags: number;
  /** Whether the pool of page tables, which must be filled, has calls of its own; before, it may be there, behind shadow_op. */
  readonly hasPagingPoolCalls: boolean;
  /** Meaning of physinfo's capability bits, from bit 0 on. */
  readonly capabilityNames: readonly string[];
  /** The fork of NXP: dom_name, vRTC, another guest memory base (xen-abi reference 18). */
  readonly isNxp: boolean;
}
