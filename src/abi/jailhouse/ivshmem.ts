/** Inter-VM shared memory devices (jailhouse-hypervisor reference, sections 10 and 11). */

/** Which of the two devices a release has: revisions up to 11 have v1, later ones v2. */
export type IvshmemVersion = 1 | 2;

export interface PciIds {
  readonly vendor: number;
  readonly device: number;
}

export const IVSHMEM_IDS: Readonly<Record<IvshmemVersion, PciIds>> = {
  1: { vendor: 0x1af4, device: 0x1110 },
  2: { vendor: 0x110a, device: 0x4106 },
};

/** Class byte; protocol high and low byte are subclass and programming interface. */
export const IVSHMEM_CLASS = 0xff;

export function ivshmemVersion({ vendor, device }: PciIds): IvshmemVersion | undefined {
  return ([1, 2] as const).find((one) => IVSHMEM_IDS[one].vendor === vendor && IVSHMEM_IDS[one].device === device);
}

/** Registers in BAR 0 of v1. */
export const V1_REG_INTX_CTRL = 0x00;
export const V1_REG_IVPOSITION = 0x08;
export const V1_REG_DOORBELL = 0x0c;
export const V1_REG_LSTATE = 0x10;
export const V1_REG_RSTATE = 0x14;
export const V1_BAR0_SIZE = 256;
/** Where v1 tells the shared memory in config space: guest address and size, both 64 bits. */
export const V1_CFG_SHMEM_ADDRESS = 0x40;
export const V1_CFG_SHMEM_SIZE = 0x48;
export const V1_CFG_MSIX_CAP = 0x50;

/** Registers in BAR 0 of v2. */
export const V2_REG_ID = 0x00;
export const V2_REG_MAX_PEERS = 0x04;
export const V2_REG_INT_CTRL = 0x08;
/** Vector in bits 15:0, peer in bits 31:16. */
export const V2_REG_DOORBELL = 0x0c;
export const V2_REG_STATE = 0x10;
export const V2_BAR0_SIZE = 4096;
/** Vendor capability of v2 in config space, and what it holds. */
export const V2_CFG_VENDOR_CAP = 0x40;
export const V2_CFG_STATE_TABLE_SIZE = 0x44;
export const V2_CFG_RW_SECTION_SIZE = 0x48;
export const V2_CFG_OUTPUT_SECTION_SIZE = 0x50;
export const V2_CFG_ADDRESS = 0x58;
export const V2_CFG_MSIX_CAP = 0x60;
/** Most peers that a link of v2 can have. */
export const V2_MAX_PEERS = 12;

export function v2Doorbell(peer: number, vector: number): number {
  return ((peer << 16) | vector) >>> 0;
}

/** BAR masks that configs give their devices (jailhouse-abi reference 3.8). */
export const V1_BAR_MASK_INTX = [0xffff_ff00, 0xffff_ffff, 0, 0, 0, 0] as const;
export const V2_BAR_MASK_INTX = [0xffff_f000, 0, 0, 0, 0, 0] as const;
export const V2_BAR_MASK_MSIX = [0xffff_f000, 0xffff_fe00, 0, 0, 0, 0] as const;
