import { padding, u16, u32, u32Array, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { perDialect } from '../dialect';

/** `struct jailhouse_pci_device`: a physical or virtual PCI device of the cell (jailhouse-abi reference 3.8). */
export interface PciDevice {
  /** One of the PCI_TYPE_* values. */
  readonly type: number;
  /** Index of the IOMMU unit. */
  readonly iommu: number;
  readonly domain: number;
  /** bus << 8 | device << 3 | function. */
  readonly bdf: number;
  /** Six words: the BAR bits that the cell may write. */
  readonly barMask: readonly number[];
  /** Index of the device's first entry in `pciCapabilities`. */
  readonly capsStart: number;
  readonly numCaps: number;
  readonly numMsiVectors: number;
  /** Bit 0: 64-bit MSI, bit 1: maskable MSI (v0.11 and later). */
  readonly msiFlags: number;
  /** 0 makes an ivshmem device use INTx. */
  readonly numMsixVectors: number;
  readonly msixRegionSize: number;
  readonly msixAddress: bigint;
  /** Revision 11 and earlier: index of the one memory region that an ivshmem device shares. */
  readonly shmemRegion?: number;
  /** Revision 12 and later: index of the state table; R/W section and output sections follow. */
  readonly shmemRegionsStart?: number;
  /** Revision 12 and later: this cell's peer number. */
  readonly shmemDevId?: number;
  /** Revision 12 and later: how many peers the link can have. */
  readonly shmemPeers?: number;
  /** Revision 11 and earlier: PROTO_V1_*, later: PROTO_V2_*. */
  readonly shmemProtocol: number;
  readonly padding?: Uint8Array;
}

export const PCI_TYPE_DEVICE = 1;
export const PCI_TYPE_BRIDGE = 2;
export const PCI_TYPE_IVSHMEM = 3;

export const PROTO_UNDEFINED = 0x0000;
/** Revision 11 and earlier. */
export const PROTO_V1_VETH = 0x0100;
/** Revision 11 and earlier: this value and all above it. */
export const PROTO_V1_CUSTOM = 0x8000;
/** Revision 12 and later. */
export const PROTO_V2_VETH = 0x0001;
/** Revision 12 and later: up to 0x7fff. */
export const PROTO_V2_CUSTOM = 0x4000;
/** Revision 12 and later, plus the virtio device id (1 net, 2 block, 3 console). */
export const PROTO_V2_VIRTIO_FRONT = 0x8000;
export const PROTO_V2_VIRTIO_BACK = 0xc000;

export const pciDeviceLayout = perDialect(
  ({ revision }) =>
    new StructLayout<PciDevice>('jailhouse_pci_device', [
      u8('type'),
      u8('iommu'),
      u16('domain'),
      u16('bdf'),
      u32Array('barMask', 6),
      u16('capsStart'),
      u16('numCaps'),
      u8('numMsiVectors'),
      u8('msiFlags'),
      u16('numMsixVectors'),
      u16('msixRegionSize'),
      u64('msixAddress'),
      ...(revision >= 12
        ? ([u32('shmemRegionsStart'), u8('shmemDevId'), u8('shmemPeers'), u16('shmemProtocol')] as const)
        : ([u32('shmemRegion'), u16('shmemProtocol'), padding('padding', 2)] as const)),
    ]),
);

/** `struct jailhouse_pci_capability` (jailhouse-abi reference 3.8). */
export interface PciCapability {
  /** Bit 15 marks an extended capability. */
  readonly id: number;
  readonly start: number;
  readonly len: number;
  /** Bit 0: PCI_CAP_WRITE. */
  readonly flags: number;
}

export const PCI_CAP_EXTENDED = 0x8000;
export const PCI_CAP_WRITE = 1;

export const pciCapabilityLayout = new StructLayout<PciCapability>('jailhouse_pci_capability', [
  u16('id'),
  u16('start'),
  u16('len'),
  u16('flags'),
]);
