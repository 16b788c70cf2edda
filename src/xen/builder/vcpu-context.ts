import type { VcpuContext } from '../../abi/xen/domctl/vcpu';

const ONLINE = 1;
/** EL1h, with debug exceptions, SError, IRQ and FIQ masked. */
const CPSR_64 = 0x1c5n;
/** Supervisor mode, with the same masked. */
const CPSR_32 = 0x4000_01d3n;
/** MMU and caches off, reserved bits as the architecture has them. */
const SCTLR = 0x00c5_0078n;
/** A 32-bit kernel that is told this machine type looks into its device tree. */
const NO_MACHINE_TYPE = 0xffff_ffffn;

/** What the first vCPU starts with; the guest brings the others up by PSCI (xen-abi reference 5). */
export function startContext(bits: 32 | 64, entry: bigint, deviceTree: bigint): VcpuContext {
  return bits === 64
    ? { flags: ONLINE, x: [deviceTree], pc: entry, cpsr: CPSR_64, sctlr: SCTLR }
    : { flags: ONLINE, x: [0n, NO_MACHINE_TYPE, deviceTree], pc: entry, cpsr: CPSR_32, sctlr: SCTLR };
}
