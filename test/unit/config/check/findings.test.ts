/** For each code the smallest config that raises it, and the same mended. */
import {
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  cpuSetOf,
  MEM_COMM_REGION,
  MEM_IO,
  MEM_LOADABLE,
  MEM_READ,
  MEM_ROOTSHARED,
  MEM_WRITE,
} from '../../../../src/abi/jailhouse';
import {
  commRegion,
  dataRam,
  inmateRam,
  io,
  irqchips,
  ivshmemSections,
  ivshmemV2,
  KiB,
  MiB,
  ram,
  region,
  sharedWithRoot,
  spi,
} from '../../../../src/config/builder';
import { FINDING_CODES, findingPage } from '../../../../src/config/findings';
import { CELL, check, COMM, device, HARDWARE, LINK, OTHER, RAM, regions, SYSTEM, UART } from './base';
import type { CellConfig, MemoryRegion } from '../../../../src/abi/jailhouse';
import type { FindingCode, Severity } from '../../../../src/config/findings';
import type { Setup } from './base';

interface Case {
  readonly broken: Setup;
  readonly mended: Setup;
  /** Default: that of the table. */
  readonly severity?: Severity;
  /** Fields of the places that disagree. */
  readonly fields: readonly string[];
  /** What else is wrong then. */
  readonly besides?: readonly FindingCode[];
}

const ROOT = SYSTEM.rootCell;
const arm = SYSTEM.arm as NonNullable<typeof SYSTEM.arm>;
const flagsOf = (index: number, of: CellConfig = CELL) => (of.memoryRegions[index] as MemoryRegion).flags;
const RW = MEM_READ | MEM_WRITE;

/** A link of version 2 between root and the cell, with changes to either end. */
function v2(cell: Parameters<typeof link>[2] = {}, root: Parameters<typeof link>[2] = {}): Setup {
  return { root: link(ROOT, 0, root), cell: { ...link(CELL, 1, cell), ivshmemIrq: 141 } };
}

function link(
  of: CellConfig,
  id: number,
  changes: {
    readonly readWriteSize?: number;
    readonly section?: number;
    readonly region?: Partial<MemoryRegion>;
    readonly device?: Partial<CellConfig['pciDevices'][number]>;
  },
): Partial<CellConfig> {
  const shared = ivshmemSections({
    phys: 0xbfd00000,
    readWriteSize: changes.readWriteSize ?? 4 * KiB,
    outputSize: 4 * KiB,
    id,
    peers: 2,
    rootShared: id > 0,
  });
  const end = ivshmemV2({ bdf: '00:00.0', protocol: 'undefined', stateTable: 0xbfd00000, id, peers: 2 });
  const others = of.memoryRegions.filter((one) => one.physStart !== 0xbfd00000n);
  const placed = end.place([...shared, ...others]);
  const sections = shared.map((one, index) => (index === changes.section ? { ...one, ...changes.region } : one));
  return { memoryRegions: [...sections, ...others], pciDevices: [{ ...placed, ...changes.device }] };
}

const cases: Readonly<Record<FindingCode, Case>> = {
  'MEM-PHYS-ALIGN': {
    broken: { cell: regions(CELL, { [RAM]: { physStart: 0xc0000800n } }) },
    mended: { cell: regions(CELL, { [RAM]: { physStart: 0xc0001000n } }) },
    fields: ['mem_regions[1].phys_start'],
  },
  'MEM-SUBPAGE-RAM': {
    broken: { cell: regions(CELL, { [RAM]: { size: 0x10010n } }) },
    mended: { cell: regions(CELL, { [RAM]: { size: 0x11000n } }) },
    fields: ['mem_regions[1].size'],
  },
  'MEM-SUBPAGE-WIDTH': {
    broken: { cell: regions(CELL, { [UART]: { size: 0x100n } }) },
    mended: { cell: regions(CELL, { [UART]: { size: 0x100n, flags: flagsOf(UART) | 0x40000n } }) },
    fields: ['mem_regions[0].flags'],
  },
  'MEM-RANGE': {
    broken: { root: regions(ROOT, {}, ram(0x1_0000_0000_0000 - 0x1000, 0x2000)) },
    mended: { root: regions(ROOT, {}, ram(0x1_0000_0000_0000 - 0x1000, 0x1000)) },
    fields: ['mem_regions[4].phys_start'],
  },
  'MEM-EMPTY': {
    broken: { cell: regions(CELL, {}, region({ phys: 0, size: 0 }, 0n)) },
    mended: v2({ readWriteSize: 0 }, { readWriteSize: 0 }),
    fields: ['mem_regions[4].size'],
  },
  'MEM-NO-ACCESS': {
    broken: { cell: regions(CELL, { [UART]: { flags: MEM_IO | MEM_ROOTSHARED } }) },
    mended: { cell: regions(CELL, { [UART]: { flags: MEM_READ | MEM_IO | MEM_ROOTSHARED } }) },
    fields: ['mem_regions[0].flags'],
  },
  'MEM-FLAGS': {
    broken: { cell: regions(CELL, { [UART]: { flags: flagsOf(UART) | 0x8000n } }) },
    mended: { cell: regions(CELL, { [UART]: { flags: flagsOf(UART) | 0x100n } }) },
    fields: ['mem_regions[0].flags'],
  },
  'MEM-OVERLAP-VIRT': {
    broken: { cell: regions(CELL, {}, inmateRam({ phys: 0xc0020000, virt: 0xf000, size: 4 * KiB })) },
    mended: { cell: regions(CELL, {}, inmateRam({ phys: 0xc0020000, virt: 0x10000, size: 4 * KiB })) },
    fields: ['mem_regions[1].virt_start', 'mem_regions[4].virt_start'],
  },
  'MEM-OVERLAP-SAME': {
    broken: { root: regions(ROOT, {}, ram(0xbfaff000, 0x1000)) },
    mended: { root: regions(ROOT, { 1: { size: 0x7faff000n } }, ram(0xbfaff000, 0x1000)) },
    fields: ['mem_regions[1].virt_start', 'mem_regions[4].virt_start'],
  },
  'MEM-OVERLAP-PHYS': {
    broken: { cell: regions(CELL, {}, inmateRam({ phys: 0xc000f000, virt: 0x20000, size: 4 * KiB })) },
    mended: { cell: regions(CELL, {}, inmateRam({ phys: 0xc0010000, virt: 0x20000, size: 4 * KiB })) },
    fields: ['mem_regions[1].phys_start', 'mem_regions[4].phys_start'],
  },
  'MEM-OVERLAP-CELLS': {
    broken: { other: regions(OTHER, { 0: { physStart: 0xc000f000n } }) },
    mended: { other: regions(OTHER, {}, sharedWithRoot(io(0x30860000, 4 * KiB))) },
    fields: ['mem_regions[1].phys_start', 'mem_regions[0].phys_start'],
  },
  'MEM-HYPERVISOR': {
    broken: { root: regions(ROOT, { 3: { size: 0x3dc01000n } }) },
    mended: { root: regions(ROOT, { 3: { size: 0x3dbff000n } }) },
    fields: ['mem_regions[3].phys_start', 'hypervisor_memory.phys_start'],
  },
  'MEM-NOT-IN-ROOT': {
    broken: { cell: regions(CELL, {}, io(0x30900000, 4 * KiB)) },
    mended: { root: regions(ROOT, {}, io(0x30900000, 4 * KiB)), cell: regions(CELL, {}, io(0x30900000, 4 * KiB)) },
    fields: ['mem_regions[4].phys_start', 'mem_regions'],
  },
  'LOAD-NOT-IN-ROOT': {
    broken: { root: regions(ROOT, { 3: { flags: MEM_READ } }) },
    mended: { root: regions(ROOT, { 3: { flags: RW } }) },
    fields: ['mem_regions[1].phys_start', 'mem_regions'],
  },
  'MEM-GIC': {
    broken: { root: regions(ROOT, {}, io(0x38800000, 4 * KiB)) },
    mended: { root: regions(ROOT, {}, io(0x38810000, 4 * KiB)) },
    severity: 'note',
    fields: ['mem_regions[4].phys_start', 'platform_info.arm.gicd_base'],
  },
  'MEM-SMMU': {
    broken: { system: { iommuUnits: [{ base: 0x30880000n, size: 0x1000 }] } },
    mended: { system: { iommuUnits: [{ base: 0x31000000n, size: 0x1000 }] } },
    severity: 'note',
    fields: ['mem_regions[0].phys_start', 'platform_info.iommu_units[0].base'],
  },
  'HV-MEM-ALIGN': {
    broken: { system: { hypervisorMemory: { ...SYSTEM.hypervisorMemory, size: 0x400100n } } },
    mended: { system: { hypervisorMemory: { ...SYSTEM.hypervisorMemory, size: 0x401000n } } },
    fields: ['hypervisor_memory.size'],
  },
  'HV-MEM-SMALL': {
    broken: { system: { hypervisorMemory: { ...SYSTEM.hypervisorMemory, size: 0x20000n } } },
    mended: { system: { hypervisorMemory: { ...SYSTEM.hypervisorMemory, size: 0x200000n } } },
    fields: ['hypervisor_memory.size'],
  },
  'HV-POOL': {
    broken: { system: { hypervisorMemory: { ...SYSTEM.hypervisorMemory, size: 0x40000n } } },
    mended: { system: { hypervisorMemory: { ...SYSTEM.hypervisorMemory, size: 0x100000n } } },
    fields: ['hypervisor_memory.size'],
  },

  'CPU-NONE': {
    broken: { cell: { cpuSet: cpuSetOf([]) } },
    mended: { cell: { cpuSet: cpuSetOf([1]) } },
    fields: ['cpus'],
  },
  'CPU-NOT-IN-ROOT': {
    broken: { cell: { cpuSet: cpuSetOf([4]) } },
    mended: { root: { cpuSet: cpuSetOf([0, 4]) }, cell: { cpuSet: cpuSetOf([4]) } },
    fields: ['cpus', 'cpus'],
  },
  'CPU-TWICE': {
    broken: { other: { cpuSet: cpuSetOf([2, 3]) } },
    mended: { other: { cpuSet: cpuSetOf([1, 2]) } },
    fields: ['cpus', 'cpus'],
  },
  'CPU-ROOT-LEFT-NONE': {
    broken: { cell: { cpuSet: cpuSetOf([0, 3]) }, other: { cpuSet: cpuSetOf([1, 2]) } },
    mended: { cell: { cpuSet: cpuSetOf([3]) }, other: { cpuSet: cpuSetOf([1, 2]) } },
    fields: ['cpus', 'cpus'],
  },
  'CPU-SET-SIZE': {
    broken: { cell: { cpuSet: cpuSetOf([3], 4104) } },
    mended: { cell: { cpuSet: cpuSetOf([3], 4096) } },
    fields: ['cpu_set_size'],
  },

  'IRQCHIP-BASE': {
    broken: { cell: { irqchips: [{ address: 0x38800000n, id: 0, pinBase: 140, pinBitmap: [2, 0, 0, 0] }] } },
    mended: { cell: { irqchips: [{ address: 0x38800000n, id: 0, pinBase: 128, pinBitmap: [0x2000, 0, 0, 0] }] } },
    fields: ['irqchips[0].pin_base'],
  },
  'IRQCHIP-ADDRESS': {
    broken: { cell: { irqchips: irqchips(0x38000000, [spi(109)]) } },
    mended: { cell: { irqchips: irqchips(0x38800000, [spi(109)]) } },
    fields: ['irqchips[0].address', 'platform_info.arm.gicd_base'],
  },
  'IRQ-PRIVATE': {
    broken: { other: { irqchips: [{ address: 0x38800000n, id: 0, pinBase: 0, pinBitmap: [0x100000, 0, 0, 0] }] } },
    mended: { other: { irqchips: [{ address: 0x38800000n, id: 0, pinBase: 32, pinBitmap: [0x100000, 0, 0, 0] }] } },
    fields: ['irqchips[0].pin_bitmap'],
  },
  'IRQ-RANGE': {
    broken: { other: { irqchips: irqchips(0x38800000, [spi(127), spi(160)]) }, hardware: {} },
    mended: { other: { irqchips: irqchips(0x38800000, [spi(127)]) }, hardware: {} },
    fields: ['irqchips[1].pin_bitmap'],
    besides: ['IRQ-NOT-IN-ROOT'],
  },
  'IRQ-NOT-IN-ROOT': {
    broken: { other: { irqchips: irqchips(0x38800000, [spi(128)]) } },
    mended: { other: { irqchips: irqchips(0x38800000, [spi(127)]) } },
    fields: ['irqchips[0].pin_bitmap', 'irqchips'],
  },
  'IRQ-TWICE': {
    broken: { other: { irqchips: irqchips(0x38800000, [spi(109)]) } },
    mended: { other: { irqchips: irqchips(0x38800000, [spi(108)]) } },
    fields: ['irqchips[0].pin_bitmap', 'irqchips[0].pin_bitmap'],
  },
  'IRQ-OFF-BY-32': {
    broken: { cell: { vpciIrqBase: 141, ivshmemIrq: 0 } },
    mended: { cell: { vpciIrqBase: 109, ivshmemIrq: 0 } },
    fields: ['vpci_irq_base', 'irqchips'],
  },
  'IRQ-DEVICE': {
    broken: {
      other: regions(OTHER, {}, io(0x30880000, 4 * KiB)),
      hardware: { uarts: [...(HARDWARE.uarts ?? []), uart3(60)] },
    },
    mended: {
      other: regions(OTHER, {}, io(0x30880000, 4 * KiB)),
      hardware: { uarts: [...(HARDWARE.uarts ?? []), uart3(32 + 20)] },
    },
    fields: ['mem_regions[2].phys_start', 'uart3 of test-board'],
  },
  'GIC-VERSION': {
    broken: { system: { arm: { ...arm, gicVersion: 4 } } },
    mended: { system: { arm: { ...arm, gicVersion: 3 } } },
    fields: ['platform_info.arm.gic_version'],
  },
  'GIC-ADDRESS': {
    broken: { system: { arm: { ...arm, gicrBase: 0n } } },
    mended: { system: { arm: { ...arm, gicrBase: 0x38880000n } } },
    fields: ['platform_info.arm.gicr_base', 'platform_info.arm.gic_version'],
  },
  'GIC-MAINTENANCE': {
    broken: { system: { arm: { ...arm, maintenanceIrq: 9 } } },
    mended: { system: { arm: { ...arm, maintenanceIrq: 25 } } },
    fields: ['platform_info.arm.maintenance_irq'],
  },

  'VPCI-HOST': {
    broken: { system: { pciMmconfigBase: 0n }, root: { pciDevices: [] }, cell: { pciCfgBase: 0n, pciCfgSize: 0n } },
    mended: { root: {}, cell: { pciCfgBase: 0n, pciCfgSize: 0n } },
    fields: ['pci_devices[0].type', 'platform_info.pci_mmconfig_base'],
    besides: ['IVSHMEM-ALONE'],
  },
  'VPCI-WINDOW': {
    broken: { root: regions(ROOT, { 1: { size: 0x7fb01000n } }) },
    mended: { root: regions(ROOT, { 1: { size: 0x7faff000n } }) },
    fields: ['mem_regions[1].virt_start', 'platform_info.pci_mmconfig_base'],
  },
  'VPCI-BARS': {
    broken: { root: regions(ROOT, {}, ram(0xbfc00000, 0x1000)) },
    mended: { root: regions(ROOT, {}, ram(0xbfc02000, 0x1000)) },
    fields: ['mem_regions[4].virt_start', 'platform_info.pci_mmconfig_base'],
  },
  'VPCI-HYPERVISOR': {
    broken: { system: { pciMmconfigBase: 0xfdf00000n }, cell: { pciCfgBase: 0n, pciCfgSize: 0n } },
    mended: { system: { pciMmconfigBase: 0xfe000000n }, cell: { pciCfgBase: 0n, pciCfgSize: 0n } },
    fields: ['platform_info.pci_mmconfig_base', 'hypervisor_memory.phys_start'],
  },
  'VPCI-BUS': {
    broken: { root: device(ROOT, { bdf: 0x100 }), cell: device(CELL, { bdf: 0x100 }) },
    mended: { root: device(ROOT, { bdf: 0x20 }), cell: device(CELL, { bdf: 0x20 }) },
    fields: ['pci_devices[0].bdf', 'platform_info.pci_mmconfig_end_bus'],
    besides: ['VPCI-BUS'],
  },
  'VPCI-BDF-TWICE': {
    broken: { root: { pciDevices: [...ROOT.pciDevices, ...ROOT.pciDevices] }, cell: { pciDevices: [] } },
    mended: { root: {}, cell: { pciDevices: [] } },
    fields: ['pci_devices[0].bdf', 'pci_devices[1].bdf'],
  },
  'VPCI-DOMAIN': {
    broken: { cell: device(CELL, { domain: 1 }) },
    mended: { system: { pciDomain: 1 }, root: device(ROOT, { domain: 1 }), cell: device(CELL, { domain: 1 }) },
    fields: ['pci_devices[0].domain', 'platform_info.pci_domain'],
  },
  'VPCI-IRQ': {
    broken: { cell: { irqchips: [], ivshmemIrq: 0 } },
    mended: { cell: { ...device(CELL, { numMsixVectors: 1 }), irqchips: [], ivshmemIrq: 0 } },
    fields: ['pci_devices[0].bdf', 'vpci_irq_base', 'num_irqchips'],
  },
  'VPCI-IRQ-TAKEN': {
    broken: { other: { irqchips: irqchips(0x38800000, [spi(56)]) } },
    mended: { other: { irqchips: irqchips(0x38800000, [spi(57)]) } },
    fields: ['irqchips[0].pin_bitmap', 'root_cell.vpci_irq_base'],
  },
  'VPCI-IRQ-DEVICE': {
    broken: { hardware: { uarts: [{ ...uart1(), intid: 88 }] } },
    mended: { hardware: { uarts: [{ ...uart1(), intid: 89 }] } },
    fields: ['root_cell.vpci_irq_base', 'uart1 of test-board'],
  },
  'VPCI-TOLD': {
    broken: { cell: { pciCfgBase: 0xff700000n } },
    mended: { cell: { pciCfgBase: 0xbfb00000n } },
    fields: ['pci_cfg_base', 'platform_info.pci_mmconfig_base'],
  },
  'VPCI-IRQ-TOLD': {
    broken: { cell: { ivshmemIrq: 142 } },
    mended: { cell: { ivshmemIrq: 141 } },
    fields: ['ivshmem_irq', 'vpci_irq_base'],
  },

  'IVSHMEM-REGION': {
    broken: { alone: true, cell: device(CELL, { shmemRegion: 4 }) },
    mended: { alone: true, cell: device(CELL, { shmemRegion: 3 }) },
    fields: ['pci_devices[0].shmem_region', 'num_memory_regions'],
  },
  'IVSHMEM-MEMORY': {
    broken: { cell: regions(CELL, { [LINK]: { size: 0x80000n } }) },
    mended: {
      root: regions(ROOT, { 2: { size: 0x80000n } }),
      cell: regions(CELL, { [LINK]: { size: 0x80000n } }),
    },
    fields: ['mem_regions[2].phys_start', 'mem_regions[2].phys_start'],
  },
  'IVSHMEM-PROTOCOL': {
    broken: { cell: device(CELL, { shmemProtocol: 0x100 }) },
    mended: { root: device(ROOT, { shmemProtocol: 0x100 }), cell: device(CELL, { shmemProtocol: 0x100 }) },
    fields: ['pci_devices[0].shmem_protocol', 'pci_devices[0].shmem_protocol'],
  },
  'IVSHMEM-CROWDED': {
    broken: { other: thirdEnd(0) },
    mended: {
      root: { pciDevices: [...ROOT.pciDevices, { ...(ROOT.pciDevices[0] as Device), bdf: 8 }] },
      other: thirdEnd(8),
    },
    fields: ['pci_devices[0].bdf', 'pci_devices[0].bdf', 'pci_devices[0].bdf'],
  },
  'IVSHMEM-ALONE': {
    broken: { root: { pciDevices: [] } },
    mended: { root: {} },
    fields: ['pci_devices[0].bdf'],
  },
  'IVSHMEM-NOT-SHARED': {
    broken: { cell: regions(CELL, { [LINK]: { flags: RW } }) },
    mended: { cell: regions(CELL, { [LINK]: { flags: RW | MEM_ROOTSHARED } }) },
    fields: ['mem_regions[2].flags', 'pci_devices[0].bdf'],
  },
  'IVSHMEM-ACCESS': {
    broken: v2({ section: 2, region: { flags: RW | MEM_ROOTSHARED } }),
    mended: v2(),
    fields: ['mem_regions[2].flags'],
  },
  'IVSHMEM-PEERS': {
    broken: v2({ device: { shmemDevId: 2 } }),
    mended: v2({ device: { shmemDevId: 1 } }),
    fields: ['pci_devices[0].shmem_dev_id', 'pci_devices[0].shmem_peers'],
    besides: ['IVSHMEM-ACCESS'],
  },
  'IVSHMEM-GAP': {
    broken: v2({ section: 3, region: { virtStart: 0xbfd04000n } }),
    mended: v2(),
    fields: ['mem_regions[3].virt_start'],
  },
  'IVSHMEM-VECTORS': {
    broken: { cell: device(CELL, { numMsixVectors: 2 }) },
    mended: { cell: device(CELL, { numMsixVectors: 1 }) },
    fields: ['pci_devices[0].num_msix_vectors'],
  },
  'IVSHMEM-BAR-MASK': {
    broken: { cell: device(CELL, { barMask: [0, 0, 0, 0, 0, 0] }) },
    mended: { cell: device(CELL, { barMask: [0xffffff00, 0xffffffff, 0, 0, 0, 0] }) },
    fields: ['pci_devices[0].bar_mask'],
  },

  'NAME-TWICE': { broken: { other: { name: 'demo' } }, mended: { other: { name: 'demo2' } }, fields: ['name', 'name'] },
  'NAME-EMPTY': { broken: { cell: { name: '' } }, mended: { cell: { name: 'x' } }, fields: ['name'] },
  'NAME-LONG': {
    broken: { cell: { name: 'x'.repeat(32) } },
    mended: { cell: { name: 'x'.repeat(31) } },
    fields: ['name'],
  },
  'DIALECT-MIX': {
    broken: { dialects: { dialect: 'upstream-10' } },
    mended: { dialects: { dialect: 'nxp-10' } },
    fields: ['revision', 'revision'],
  },
  'DIALECT-DRIVER': {
    broken: { hardware: { driver: { version: 'v0.12', revisions: [12, 13, 14] } } },
    mended: { hardware: { driver: { version: 'v0.10', revisions: [10] } } },
    fields: ['revision', 'driver of test-board'],
    besides: ['DIALECT-DRIVER'],
  },
  'SIZE-PAGES': {
    broken: { other: manyRegions(2048) },
    mended: { other: manyRegions(1900) },
    fields: ['num_memory_regions'],
  },
  'COMM-MISSING': {
    broken: { cell: { memoryRegions: CELL.memoryRegions.slice(0, COMM) } },
    mended: { cell: { memoryRegions: CELL.memoryRegions } },
    fields: ['mem_regions', 'flags'],
  },
  'COMM-ADDRESS': {
    broken: { cell: regions(CELL, { [COMM]: { virtStart: 0x90000000n } }) },
    mended: { cell: regions(CELL, { [COMM]: { virtStart: 0x80000000n } }) },
    fields: ['mem_regions[3].virt_start'],
  },
  'COMM-SIZE': {
    broken: { cell: regions(CELL, { [COMM]: { size: 0x2000n } }) },
    mended: { cell: regions(CELL, { [COMM]: { size: 0x1000n } }) },
    fields: ['mem_regions[3].size'],
  },
  'COMM-TWICE': {
    broken: { cell: regions(CELL, {}, commRegion(0x80001000)) },
    mended: { cell: regions(CELL, {}) },
    fields: ['mem_regions[3].virt_start', 'mem_regions[4].virt_start'],
    besides: ['COMM-ADDRESS'],
  },
  'COMM-ACCESS': {
    broken: { cell: regions(CELL, { [COMM]: { flags: MEM_READ | MEM_COMM_REGION } }) },
    mended: { cell: regions(CELL, { [COMM]: { flags: RW | MEM_COMM_REGION } }) },
    fields: ['mem_regions[3].flags'],
  },
  'CONSOLE-UNMAPPED': {
    broken: { cell: { console: { ...consoleOf(CELL), address: 0x30890000n } } },
    mended: {
      cell: { console: { ...consoleOf(CELL), address: 0x30890000n }, ...regions(CELL, {}, io(0x30890000, 4 * KiB)) },
    },
    fields: ['console.address'],
  },
  'CONSOLE-TYPE': {
    broken: { cell: { console: { ...consoleOf(CELL), type: 11 } } },
    mended: { cell: { console: { ...consoleOf(CELL), type: 8 } } },
    fields: ['console.type'],
  },
  'CONSOLE-ACCESS': {
    broken: { cell: { console: { ...consoleOf(CELL), flags: 2 } } },
    mended: { cell: { console: { ...consoleOf(CELL), flags: 3 } } },
    fields: ['console.flags'],
  },
  'CONSOLE-TAKEN': {
    broken: { cell: regions(CELL, { [UART]: { flags: RW | MEM_IO } }) },
    mended: { cell: regions(CELL, { [UART]: { flags: RW | MEM_IO | MEM_ROOTSHARED } }) },
    fields: ['mem_regions[0].flags', 'debug_console.address'],
  },
  'CONSOLE-SIZE': {
    broken: { system: { debugConsole: { ...SYSTEM.debugConsole, size: 0 } } },
    mended: { system: { debugConsole: { ...SYSTEM.debugConsole, size: 0x1000 } } },
    fields: ['debug_console.size'],
  },
  'CONSOLE-VIRTUAL': {
    broken: { system: { flags: 0 }, cell: { flags: CELL.flags + CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE } },
    mended: { system: { flags: 1 }, cell: { flags: CELL.flags + CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE } },
    fields: ['flags', 'flags'],
  },
  'LOAD-NONE': {
    broken: { cell: regions(CELL, { [RAM]: { flags: 0x7n } }) },
    mended: { cell: regions(CELL, { [RAM]: { flags: 0x47n } }) },
    fields: ['mem_regions'],
    besides: ['ENTRY-NOT-LOADABLE'],
  },
  'LOAD-READ-ONLY': {
    broken: { cell: regions(CELL, { [RAM]: { flags: MEM_READ | MEM_LOADABLE } }) },
    mended: { cell: regions(CELL, { [RAM]: { flags: RW | MEM_LOADABLE } }) },
    fields: ['mem_regions[1].flags'],
  },
  'ENTRY-UNMAPPED': {
    broken: { cell: { cpuResetAddress: 0x10000n } },
    mended: { cell: { cpuResetAddress: 0xfffcn } },
    fields: ['cpu_reset_address'],
  },
  'ENTRY-NOT-RAM': {
    broken: { cell: { cpuResetAddress: 0x80000000n } },
    mended: { cell: { cpuResetAddress: 0n } },
    fields: ['cpu_reset_address', 'mem_regions[3].flags'],
  },
  'ENTRY-NOT-LOADABLE': {
    broken: { cell: { cpuResetAddress: 0xbfd00000n } },
    mended: { cell: { cpuResetAddress: 0n } },
    fields: ['cpu_reset_address', 'mem_regions[2].flags'],
  },
  'IMAGE-OUTSIDE': {
    broken: { images: [image(0x10000n, 4)] },
    mended: { images: [image(0xfffcn, 4)] },
    fields: ['x.bin', 'mem_regions'],
  },
  'IMAGE-NOT-LOADABLE': {
    broken: { images: [image(0x80000000n, 4)] },
    mended: { images: [image(0n, 4), image(0x80000000n, 0)] },
    fields: ['x.bin', 'mem_regions[3].flags'],
  },
  'IMAGE-TOO-LONG': {
    broken: { images: [image(0n, 0x10001)] },
    mended: { images: [image(0n, 0x10000)] },
    fields: ['x.bin', 'mem_regions[1].flags'],
  },

  'HW-CPU': {
    broken: { hardware: { cpus: [0, 1, 2, 3, 4, 5] } },
    mended: { hardware: { cpus: [0, 1, 2, 3] } },
    fields: ['cpus', 'test-board'],
  },
  'HW-RAM': {
    broken: {
      root: regions(ROOT, {}, dataRam(0x2_0000_0000, 1 * MiB)),
      cell: regions(CELL, {}, dataRam(0x2_0000_0000, 1 * MiB)),
      hardware: {},
    },
    mended: {
      root: regions(ROOT, {}, io(0x2_0000_0000, 1 * MiB)),
      cell: regions(CELL, {}, io(0x2_0000_0000, 1 * MiB)),
      hardware: {},
    },
    fields: ['mem_regions[4].phys_start', 'RAM of test-board'],
    besides: ['HW-RAM'],
  },
  'HW-RESERVED': {
    broken: { cell: regions(CELL, {}, dataRam(0xbfa00000, 1 * MiB)), hardware: {} },
    mended: {
      cell: regions(CELL, {}, dataRam(0xbfa00000, 1 * MiB)),
      hardware: { linuxRam: [{ physStart: 0x40000000n, sizeBytes: 0x7fa00000n }] },
    },
    fields: ['mem_regions[4].phys_start', 'reserved memory of test-board'],
  },
  'HW-UNMAPPED': {
    broken: { root: regions(ROOT, { 1: { size: 0x7fa00000n } }), hardware: {} },
    mended: { root: regions(ROOT, { 1: { size: 0x7fb00000n } }), hardware: {} },
    fields: ['mem_regions', 'RAM of test-board'],
  },
  'HW-GIC': {
    broken: { hardware: { gic: { gicdBase: 0x38800000n, gicrBase: 0x388c0000n } } },
    mended: { hardware: { gic: { gicdBase: 0x38800000n, gicrBase: 0x38880000n } } },
    fields: ['platform_info.arm.gicr_base', 'test-board'],
  },
  'HW-UART': {
    broken: { hardware: { uarts: [{ ...uart1(), kind: 'lpuart' }] } },
    mended: { hardware: { uarts: [{ ...uart1(), kind: 'imx' }] } },
    fields: ['debug_console.address', 'test-board'],
    besides: ['HW-UART'],
  },
  'HW-IO-CACHED': {
    broken: { cell: regions(CELL, { [UART]: { flags: RW | MEM_ROOTSHARED } }), hardware: {} },
    mended: { cell: regions(CELL, { [UART]: { flags: RW | MEM_ROOTSHARED | MEM_IO } }), hardware: {} },
    fields: ['mem_regions[0].flags', 'uart1 of test-board'],
  },
};

type Device = CellConfig['pciDevices'][number];

function consoleOf({ console }: CellConfig) {
  return console as NonNullable<typeof console>;
}

function uart1() {
  return { name: 'uart1', kind: 'imx', physStart: 0x30860000n, sizeBytes: 0x10000, intid: 58 } as const;
}

function uart3(intid: number) {
  return { ...uart1(), name: 'uart3', physStart: 0x30880000n, intid };
}

function image(address: bigint, sizeBytes: number) {
  return { cell: 'demo', file: 'x.bin', address, sizeBytes };
}

function thirdEnd(bdf: number): Partial<CellConfig> {
  return {
    ...regions(OTHER, {}, CELL.memoryRegions[LINK] as MemoryRegion),
    vpciIrqBase: 20 - ((bdf >> 3) & 3),
    pciDevices: [{ ...(CELL.pciDevices[0] as Device), bdf, shmemRegion: 2 }],
  };
}

function manyRegions(count: number): Partial<CellConfig> {
  const more = Array.from({ length: count }, (_, page) =>
    inmateRam({ phys: 0xc1000000 + page * 0x1000, virt: 0x1000000 + page * 0x1000, size: 4 * KiB }),
  );
  return regions(OTHER, {}, ...more);
}

test('the configs that cases start from are clean', () => {
  expect(check({})).toEqual([]);
  expect(check({ other: {}, hardware: {}, images: [image(0n, 0x1000)] })).toEqual([]);
  expect(check(v2())).toEqual([]);
});

describe.each(FINDING_CODES)('%s', (code) => {
  const { broken, mended, severity, fields, besides = [] } = cases[code];
  const findings = check(broken);
  const [finding] = findings.filter((one) => one.code === code);

  test('is found, with the places that disagree, and nothing else is', () => {
    expect(findings.map((one) => one.code).sort()).toEqual([code, ...besides].sort());
    expect(finding?.places.map(({ field }) => field)).toEqual(fields);
    expect(finding?.severity).toBe(severity ?? findingPage(code).severity);
  });

  test('says what is wrong and what to write, in a line each', () => {
    expect(finding?.message).toMatch(/^\S.*\S$/);
    expect(finding?.remedy).toMatch(/^\S.*\S$/);
    expect(finding?.places.every(({ value }) => value !== '')).toBe(true);
  });

  test('is gone when the config is mended', () => {
    expect(check(mended).map((one) => one.code)).toEqual([]);
  });
});
