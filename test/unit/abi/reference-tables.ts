import type { Dialect } from '../../../src/abi/jailhouse';

/** The figures of jailhouse-abi reference 3.1 to 3.7, typed in from there and not derived from the code's tables. */
export interface DialectFigures {
  readonly system: Readonly<Record<string, number>>;
  readonly systemSize: number;
  readonly unionAt: number;
  /** Offsets within the platform union, and the absolute offset of the IOMMU units. */
  readonly arm: Readonly<Record<string, number>>;
  readonly armIommuAt?: number;
  readonly x86: Readonly<Record<string, number>>;
  readonly x86IommuAt: number;
  readonly iommuSize: number;
  readonly cell: Readonly<Record<string, number>>;
  readonly cellSize: number;
}

const system8 = {
  signature: 0,
  revision: 6,
  hypervisorMemory: 8,
  debugConsole: 40,
  pciMmconfigBase: 72,
  pciMmconfigEndBus: 80,
  pciIsVirtual: 81,
};
const system9 = { ...system8, pciDomain: 82 };
const system10 = {
  signature: 0,
  revision: 6,
  flags: 8,
  hypervisorMemory: 12,
  debugConsole: 44,
  pciMmconfigBase: 76,
  pciMmconfigEndBus: 84,
  pciIsVirtual: 85,
  pciDomain: 86,
};

const armOld = {
  maintenanceIrq: 0,
  gicVersion: 1,
  gicdBase: 2,
  giccBase: 10,
  gichBase: 18,
  gicvBase: 26,
  gicrBase: 34,
};
const armNew = {
  maintenanceIrq: 0,
  gicVersion: 1,
  gicdBase: 4,
  giccBase: 12,
  gichBase: 20,
  gicvBase: 28,
  gicrBase: 36,
};
const x86Old = { pmTimerAddress: 0, vtdInterruptLimit: 2, apicMode: 6, tscKhz: 10, apicKhz: 14 };
const x86New = { pmTimerAddress: 0, vtdInterruptLimit: 4, apicMode: 2, tscKhz: 8, apicKhz: 12 };

const cellHead = {
  signature: 0,
  revision: 6,
  name: 8,
  id: 40,
  flags: 44,
  cpuSetSize: 48,
  numMemoryRegions: 52,
  numCacheRegions: 56,
  numIrqchips: 60,
  numPciDevices: 68,
  numPciCaps: 72,
};
const cell8 = { ...cellHead, pioBitmapSize: 64, vpciIrqBase: 76, cpuResetAddress: 80, msgReplyTimeout: 88 };
const cell10 = { ...cell8, console: 96 };
const cell11 = {
  ...cellHead,
  numPioRegions: 64,
  vpciIrqBase: 76,
  cpuResetAddress: 80,
  msgReplyTimeout: 88,
  console: 96,
};
const cell12 = {
  ...cellHead,
  numPioRegions: 64,
  numStreamIds: 76,
  vpciIrqBase: 80,
  cpuResetAddress: 84,
  msgReplyTimeout: 92,
  console: 100,
};

const upstream10: DialectFigures = {
  system: { ...system10, rootCell: 266 },
  systemSize: 394,
  unionAt: 88,
  arm: armOld,
  x86: x86Old,
  x86IommuAt: 106,
  iommuSize: 20,
  cell: cell10,
  cellSize: 128,
};
const upstream13: DialectFigures = {
  system: { ...system10, rootCell: 356 },
  systemSize: 488,
  unionAt: 312,
  arm: armNew,
  armIommuAt: 88,
  x86: x86New,
  x86IommuAt: 88,
  iommuSize: 28,
  cell: cell12,
  cellSize: 132,
};

export const FIGURES: Readonly<Record<Dialect, DialectFigures>> = {
  'upstream-8': {
    system: { ...system8, rootCell: 260 },
    systemSize: 356,
    unionAt: 82,
    arm: armOld,
    x86: x86Old,
    x86IommuAt: 100,
    iommuSize: 20,
    cell: cell8,
    cellSize: 96,
  },
  'upstream-9': {
    system: { ...system9, rootCell: 262 },
    systemSize: 358,
    unionAt: 84,
    arm: armOld,
    x86: x86Old,
    x86IommuAt: 102,
    iommuSize: 20,
    cell: cell8,
    cellSize: 96,
  },
  'nxp-9': {
    system: { ...system9, rootCell: 382 },
    systemSize: 482,
    unionAt: 84,
    arm: armOld,
    armIommuAt: 126,
    x86: x86Old,
    x86IommuAt: 102,
    iommuSize: 32,
    cell: {
      ...cellHead,
      pioBitmapSize: 64,
      vpciIrqBase: 76,
      numSmmuSids: 80,
      cpuResetAddress: 84,
      msgReplyTimeout: 92,
    },
    cellSize: 100,
  },
  'upstream-10': upstream10,
  'nxp-10': {
    system: { ...system10, rootCell: 386 },
    systemSize: 538,
    unionAt: 88,
    arm: armOld,
    armIommuAt: 130,
    x86: x86Old,
    x86IommuAt: 106,
    iommuSize: 32,
    cell: { ...cell8, pciCfgBase: 96, pciCfgSize: 104, ivshmemIrq: 112, numSmmuSids: 116, console: 120 },
    cellSize: 152,
  },
  'upstream-11': { ...upstream10, cell: cell11 },
  'upstream-12': {
    system: { ...system10, rootCell: 354 },
    systemSize: 486,
    unionAt: 88,
    arm: armOld,
    armIommuAt: 130,
    x86: x86Old,
    x86IommuAt: 106,
    iommuSize: 28,
    cell: cell12,
    cellSize: 132,
  },
  'nxp-12': {
    system: { ...system10, rootCell: 450 },
    systemSize: 582,
    unionAt: 88,
    arm: armOld,
    armIommuAt: 130,
    x86: x86Old,
    x86IommuAt: 106,
    iommuSize: 40,
    cell: cell12,
    cellSize: 132,
  },
  'upstream-13': upstream13,
  'upstream-14': {
    ...upstream13,
    system: { ...upstream13.system, architectureCode: 5 },
    cell: { ...cell12, architectureCode: 5 },
  },
};

/** Sizes of the elements of arrays (jailhouse-abi reference, section 0 and 3.8). */
export const ELEMENT_SIZE = {
  memoryRegions: 32,
  cacheRegions: 12,
  irqchips: 32,
  pioRegions: 4,
  pciDevices: 56,
  pciCapabilities: 8,
  streamIds: 4,
  smmuSids: 8,
} as const;
