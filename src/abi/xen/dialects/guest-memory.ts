/** Where things are in a guest of Arm (xen-abi reference 8). Addresses and sizes in bytes. */
export interface MemoryBank {
  readonly base: bigint;
  readonly maxBytes: bigint;
}

export interface GuestMemoryMap {
  /** RAM, in the order in which it is filled. */
  readonly banks: readonly [MemoryBank, MemoryBank];
  readonly gicV2: { readonly distributor: MemoryBank; readonly cpuInterface: MemoryBank };
  readonly gicV3: { readonly distributor: MemoryBank; readonly redistributors: MemoryBank };
  readonly vuart: MemoryBank;
  /** NXP only. */
  readonly vrtc?: MemoryBank;
  readonly grantTable: MemoryBank;
  /** Console, xenstore, memory access, vuart: one page each, in this order. */
  readonly magicPages: bigint;
}

const KIB = 1024n;
const MIB = 1024n * KIB;
const GIB = 1024n * MIB;

const devices = {
  gicV2: {
    distributor: { base: 0x0300_1000n, maxBytes: 4n * KIB },
    cpuInterface: { base: 0x0300_2000n, maxBytes: 8n * KIB },
  },
  gicV3: {
    distributor: { base: 0x0300_1000n, maxBytes: 64n * KIB },
    redistributors: { base: 0x0302_0000n, maxBytes: 16n * MIB },
  },
  vuart: { base: 0x2200_0000n, maxBytes: 4n * KIB },
  grantTable: { base: 0x3800_0000n, maxBytes: 16n * MIB },
  magicPages: 0x3900_0000n,
};
const bank1: MemoryBank = { base: 0x2_0000_0000n, maxBytes: 1016n * GIB };

export const upstreamGuestMemory: GuestMemoryMap = {
  ...devices,
  banks: [{ base: 0x4000_0000n, maxBytes: 3n * GIB }, bank1],
};

export const nxpGuestMemory: GuestMemoryMap = {
  ...devices,
  banks: [{ base: 0x8000_0000n, maxBytes: 2n * GIB }, bank1],
  vrtc: { base: 0x2300_0000n, maxBytes: 4n * KIB },
};
