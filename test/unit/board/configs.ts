/** The configs of the GA release that tests need, after jailhouse-hypervisor reference 15. */
import {
  CELL_FLAG_PASSIVE_COMMREG,
  CON_TYPE_IMX,
  CON_TYPE_IMX_LPUART,
  cpuSetOf,
  PCI_TYPE_IVSHMEM,
  PROTO_V1_VETH,
  V1_BAR_MASK_INTX,
} from '../../../src/abi/jailhouse';
import type { CellConfig, Irqchip, MemoryRegion, PciDevice, SystemConfig } from '../../../src/abi/jailhouse';

type Region = readonly [phys: bigint, size: bigint, flags: bigint, virt?: bigint];

const memory = (...regions: Region[]): MemoryRegion[] =>
  regions.map(([physStart, size, flags, virtStart]) => ({ physStart, virtStart: virtStart ?? physStart, size, flags }));

export const consoleAt = (address: bigint, type: number = CON_TYPE_IMX, flags = 3, size = 0) => ({
  address,
  size,
  type,
  flags,
  divider: 0,
  gateNr: 0,
  clockReg: 0n,
});

export const ivshmemV1 = (shmemRegion: number, shmemProtocol = 0, bdf = 0): PciDevice => ({
  type: PCI_TYPE_IVSHMEM,
  iommu: 0,
  domain: 0,
  bdf,
  barMask: [...V1_BAR_MASK_INTX],
  capsStart: 0,
  numCaps: 0,
  numMsiVectors: 0,
  msiFlags: 0,
  numMsixVectors: 0,
  msixRegionSize: 0,
  msixAddress: 0n,
  shmemRegion,
  shmemProtocol,
});

export function cell(name: string, changes: Partial<CellConfig>): CellConfig {
  return {
    name,
    id: 0,
    flags: CELL_FLAG_PASSIVE_COMMREG,
    vpciIrqBase: 0,
    cpuResetAddress: 0n,
    msgReplyTimeout: 0n,
    pciCfgBase: 0n,
    pciCfgSize: 0n,
    ivshmemIrq: 0,
    console: consoleAt(0n, 0, 0),
    cpuSet: cpuSetOf([3]),
    memoryRegions: [],
    cacheRegions: [],
    irqchips: [],
    pioBitmap: new Uint8Array(0),
    pciDevices: [],
    pciCapabilities: [],
    smmuSids: [],
    ...changes,
  };
}

interface RootCell {
  readonly name: string;
  readonly regions: readonly MemoryRegion[];
  readonly hypervisor: bigint;
  readonly mmconfig: bigint;
  readonly console: [address: bigint, type: number];
  readonly gic: [gicd: bigint, gicr: bigint];
  readonly vpciIrqBase: number;
  readonly shmemRegion: number;
  readonly protocol?: number;
}

function system(root: RootCell): SystemConfig {
  const all = [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff];
  const irqchips = [32, 160, 288].map((pinBase): Irqchip => ({ address: root.gic[0], id: 0, pinBase, pinBitmap: all }));
  return {
    architecture: 'arm64',
    flags: 1,
    hypervisorMemory: { physStart: root.hypervisor, virtStart: 0n, size: 0x400000n, flags: 0n },
    debugConsole: consoleAt(root.console[0], root.console[1], 0xb, 0x1000),
    pciMmconfigBase: root.mmconfig,
    pciMmconfigEndBus: 0,
    pciIsVirtual: 1,
    pciDomain: 0,
    iommuUnits: [],
    arm: {
      maintenanceIrq: 25,
      gicVersion: 3,
      gicdBase: root.gic[0],
      giccBase: 0n,
      gichBase: 0n,
      gicvBase: 0n,
      gicrBase: root.gic[1],
    },
    rootCell: cell(root.name, {
      flags: 0,
      cpuSet: cpuSetOf([0, 1, 2, 3]),
      memoryRegions: root.regions,
      irqchips,
      vpciIrqBase: root.vpciIrqBase,
      pciDevices: [ivshmemV1(root.shmemRegion, root.protocol ?? 0)],
    }),
  };
}

const MQ_RAM: Region[] = [
  [0x4000_0000n, 0x7fb0_0000n, 7n],
  [0xbfd0_0000n, 0x20_0000n, 3n],
  [0xbff0_0000n, 0x10_0000n, 7n],
  [0xc000_0000n, 0x3dc0_0000n, 7n],
  [0xfe00_0000n, 0x200_0000n, 3n],
];
const MQ = {
  name: 'imx8mq',
  hypervisor: 0xfdc0_0000n,
  mmconfig: 0xbfb0_0000n,
  console: [0x3086_0000n, CON_TYPE_IMX] as [bigint, number],
  gic: [0x3880_0000n, 0x3888_0000n] as [bigint, bigint],
  vpciIrqBase: 56,
};

export const imx8mq = system({ ...MQ, regions: memory([0n, 0x4000_0000n, 0x13n], ...MQ_RAM), shmemRegion: 2 });

const MQ_WINDOWS =
  '30010000:10000 30030000:10000 30040000:10000 30050000:10000 30200000:10000 30210000:10000 30220000:10000 ' +
  '30230000:10000 30240000:10000 30260000:10000 30280000:10000 30290000:10000 302a0000:10000 302c0000:10000 ' +
  '302d0000:10000 30320000:10000 30330000:10000 30340000:10000 30350000:10000 30360000:10000 30370000:10000 ' +
  '30380000:10000 30390000:10000 30660000:10000 30670000:10000 30680000:10000 30690000:10000 306a0000:30000 ' +
  '30810000:10000 30820000:10000 30830000:10000 30840000:10000 30860000:10000 30880000:10000 30890000:10000 ' +
  '308a0000:10000 308b0000:10000 308c0000:10000 30900000:40000 30a00000:1000 30a20000:10000 30a30000:10000 ' +
  '30a40000:10000 30a50000:10000 30a60000:1000 30a70000:1000 30a90000:10000 30aa0000:10000 30b40000:10000 ' +
  '30b50000:10000 30b60000:1000 30b80000:10000 30bb0000:10000 30bd0000:10000 30be0000:10000 32c00000:100000 ' +
  '32e00000:30000 33000000:2000 33002000:6000 33800000:400000 33c00000:400000 38000000:40000 38100000:100000 ' +
  '38200000:100000 38300000:200000';

export const imx8mqVeth = system({
  ...MQ,
  regions: memory(
    ...MQ_WINDOWS.split(' ').map((window): Region => {
      const [phys, size] = window.split(':').map((digits) => BigInt(`0x${digits}`)) as [bigint, bigint];
      return [phys, size, 0x13n];
    }),
    [0x3d80_0000n, 0x40_0000n, 7n],
    ...MQ_RAM,
  ),
  shmemRegion: 67,
  protocol: PROTO_V1_VETH,
});

export const imx8mm = system({
  name: 'imx8mm',
  hypervisor: 0xb7c0_0000n,
  mmconfig: 0xbb80_0000n,
  console: [0x3089_0000n, CON_TYPE_IMX],
  gic: [0x3880_0000n, 0x3888_0000n],
  vpciIrqBase: 74,
  regions: memory(
    [0n, 0x4000_0000n, 0x13n],
    [0x4000_0000n, 0x73c0_0000n, 7n],
    [0xb3c0_0000n, 0x400_0000n, 7n],
    [0xb800_0000n, 0x370_0000n, 7n],
    [0xbb70_0000n, 0x10_0000n, 7n],
    [0xbba0_0000n, 0x20_0000n, 3n],
    [0xbbc0_0000n, 0x240_0000n, 7n],
    [0xbe00_0000n, 0x200_0000n, 3n],
  ),
  shmemRegion: 5,
});

export const imx8qxp = system({
  name: 'imx8qxp',
  hypervisor: 0xfdc0_0000n,
  mmconfig: 0xfd70_0000n,
  console: [0x5a06_0000n, CON_TYPE_IMX_LPUART],
  gic: [0x51a0_0000n, 0x51b0_0000n],
  vpciIrqBase: 86,
  regions: memory(
    [0n, 0x8000_0000n, 0x13n],
    [0x8020_0000n, 0x5f50_0000n, 7n],
    [0xdf70_0000n, 0x1e00_0000n, 3n],
    [0xfd90_0000n, 0x20_0000n, 3n],
    [0xfdb0_0000n, 0x10_0000n, 7n],
    [0xfe00_0000n, 0x200_0000n, 3n],
    [0x8_8000_0000n, 0x4000_0000n, 7n],
  ),
  shmemRegion: 3,
});

const COMM: Region = [0n, 0x1000n, 0x23n, 0x8000_0000n];

const gicDemo = (uart: bigint, type: number, ram: bigint, ramSize = 0x1_0000n) =>
  cell('gic-demo', {
    console: consoleAt(uart, type),
    memoryRegions: memory([uart, 0x1000n, 0x93n], [ram, ramSize, 0x47n, 0n], COMM),
  });

export const imx8mqGicDemo = gicDemo(0x3086_0000n, CON_TYPE_IMX, 0xc000_0000n);
export const imx8mmGicDemo = gicDemo(0x3089_0000n, CON_TYPE_IMX, 0xb3c0_0000n);
export const imx8GicDemo = gicDemo(0x5a06_0000n, CON_TYPE_IMX_LPUART, 0xdf70_0000n, 0x10_0000n);

const ivshmemDemo = (
  uart: [bigint, number],
  ram: bigint,
  shmem: bigint,
  mmconfig: bigint,
  spi: number,
  gicd: bigint,
) => {
  const pinBase = Math.floor((spi + 32) / 32) * 32;
  return cell('ivshmem-demo', {
    console: consoleAt(...uart),
    vpciIrqBase: spi,
    pciCfgBase: mmconfig,
    pciCfgSize: 0x10_0000n,
    ivshmemIrq: spi + 32,
    irqchips: [{ address: gicd, id: 0, pinBase, pinBitmap: [2 ** (spi + 32 - pinBase), 0, 0, 0] }],
    memoryRegions: memory([uart[0], 0x1000n, 0x93n], [ram, 0x1_0000n, 0x47n, 0n], [shmem, 0x20_0000n, 0x83n], COMM),
    pciDevices: [ivshmemV1(2)],
  });
};

export const imx8mqIvshmemDemo = ivshmemDemo(
  [0x3086_0000n, CON_TYPE_IMX],
  0xc000_0000n,
  0xbfd0_0000n,
  0xbfb0_0000n,
  109,
  0x3880_0000n,
);
export const imx8mmIvshmemDemo = ivshmemDemo(
  [0x3089_0000n, CON_TYPE_IMX],
  0xb3c0_0000n,
  0xbba0_0000n,
  0xbb80_0000n,
  76,
  0x3880_0000n,
);
export const imx8qxpIvshmemDemo = ivshmemDemo(
  [0x5a06_0000n, CON_TYPE_IMX_LPUART],
  0xdf70_0000n,
  0xfd90_0000n,
  0xfd70_0000n,
  90,
  0x51a0_0000n,
);
