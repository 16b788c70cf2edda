import {
  CELL_FLAG_PASSIVE_COMMREG,
  cpusOf,
  formatCpuList,
  irqchipPins,
  isSubPage,
  MEM_COMM_REGION,
  MEM_DMA,
  MEM_EXECUTE,
  MEM_IO,
  MEM_LOADABLE,
  MEM_ROOTSHARED,
} from '../../abi/jailhouse';
import { formatBdf } from '../../abi/pci/bdf';
import { firstRegionOf, intxIntid, isV2, ivshmemDevices, lastRegionOf, V2_FIXED_SECTIONS } from '../check/links';
import type { CellConfig, Irqchip, MemoryRegion, PciDevice } from '../../abi/jailhouse';

/** What a region of memory is for, as far as its flags and the devices tell. */
export function regionMeaning(region: MemoryRegion, index: number, cell: CellConfig): string {
  const { flags, size } = region;
  const has = (flag: bigint) => (flags & flag) !== 0n;
  const link = sharedBy(index, cell);
  const words = [
    kindOf(region, link),
    ...(has(MEM_LOADABLE) ? ['images are loaded here'] : []),
    ...(has(MEM_DMA) ? ['devices may access it'] : []),
    ...(has(MEM_ROOTSHARED) ? ['root keeps access'] : []),
    ...(size > 0n && isSubPage(region) ? ['not whole pages: each access is emulated'] : []),
  ];
  return words.join(', ');
}

function kindOf({ flags, size }: MemoryRegion, link: string | undefined): string {
  if ((flags & MEM_COMM_REGION) !== 0n) {
    return 'communication region';
  }
  if (link !== undefined) {
    return link;
  }
  if (size === 0n) {
    return 'of no effect';
  }
  if ((flags & MEM_IO) !== 0n) {
    return 'device registers';
  }
  return (flags & MEM_EXECUTE) !== 0n ? 'RAM' : 'RAM for data';
}

function sharedBy(index: number, cell: CellConfig): string | undefined {
  const found = ivshmemDevices(cell).find(
    ({ device }) => index >= firstRegionOf(device) && index <= lastRegionOf(device),
  );
  return found && `${sectionOf(index - firstRegionOf(found.device), found.device)} of ${formatBdf(found.device.bdf)}`;
}

function sectionOf(section: number, device: PciDevice): string {
  if (!isV2(device)) {
    return 'shared memory';
  }
  const fixed = ['state table', 'R/W section'][section];
  return fixed ?? `output section of peer ${section - V2_FIXED_SECTIONS}`;
}

/** The interrupts of an entry, under both names: `INTID 141 (SPI 109)`. */
export function irqchipMeaning(irqchip: Irqchip): string {
  const pins = irqchipPins(irqchip);
  const spis = pins.map((pin) => pin - 32).filter((spi) => spi >= 0);
  const few = pins.length <= 4 && spis.length === pins.length;
  return few
    ? pins.map((pin) => `INTID ${pin} (SPI ${pin - 32})`).join(', ')
    : `INTIDs ${formatCpuList(pins)} (SPIs ${formatCpuList(spis)})`;
}

export function cpuMeaning({ cpuSet }: CellConfig): string {
  const list = formatCpuList(cpusOf(cpuSet));
  return list === '' ? 'no CPU' : `CPU${/[-,]/.test(list) ? 's' : ''} ${list}`;
}

/** Fields of a cell's descriptor, by their names in C. */
export const CELL_MEANINGS: Readonly<Record<string, (cell: CellConfig) => string>> = {
  name: () => 'unique among the cells',
  id: () => 'set by the driver',
  flags: ({ flags }) =>
    (flags & CELL_FLAG_PASSIVE_COMMREG) !== 0 ? 'the inmate is not asked before it is shut down' : '',
  vpci_irq_base: (cell) => {
    const intids = ivshmemDevices(cell).map(({ device }) => intxIntid(cell, device));
    const raised = intids.length > 0 ? `; its devices raise INTID ${[...new Set(intids)].join(', ')}` : '';
    return `SPI of the first of four virtual PCI interrupts${raised}`;
  },
  cpu_reset_address: () => 'guest address where the first CPU starts',
  msg_reply_timeout: ({ msgReplyTimeout }) =>
    msgReplyTimeout === 0n ? 'waits for answers of the inmate forever' : 'polls before an unanswered message times out',
  pci_cfg_base: () => 'where the inmate is told to look for virtual PCI',
  pci_cfg_size: () => '',
  ivshmem_irq: ({ ivshmemIrq = 0 }) =>
    ivshmemIrq === 0 ? 'no interrupt that the inmate is told' : `INTID that the inmate is told: SPI ${ivshmemIrq - 32}`,
};

/** Fields of a system and of the structs in it. */
export const SYSTEM_MEANINGS: Readonly<Record<string, string>> = {
  hypervisor_memory: 'for image, per-CPU data, config and page pool; Linux must not use it',
  'debug_console.address': 'UART that the hypervisor prints to',
  'debug_console.size': 'bytes that the hypervisor maps of it',
  'platform_info.pci_mmconfig_base': 'config space of the virtual PCI host',
  'platform_info.pci_mmconfig_end_bus': 'last bus: 1 MiB of config space for each',
  'platform_info.pci_is_virtual': '1: there is no PCI host but the hypervisor',
  'platform_info.pci_domain': "Linux' number of the host",
  'platform_info.arm.maintenance_irq': 'INTID of the GIC maintenance interrupt',
  'platform_info.arm.gic_version': '',
  'platform_info.arm.gicd_base': 'distributor',
  'platform_info.arm.gicc_base': 'CPU interface, GICv2 only',
  'platform_info.arm.gich_base': 'virtual interface control, GICv2 only',
  'platform_info.arm.gicv_base': 'virtual CPU interface, GICv2 only',
  'platform_info.arm.gicr_base': 'redistributors, GICv3 only',
};

export const CONSOLE_MEANINGS: Readonly<Record<string, string>> = {
  address: 'UART that the inmate is told to use',
  divider: '0: somebody else has set the UART up',
  gate_nr: 'bit of clock_reg that opens the clock',
  clock_reg: 'register of the clock gate; 0: none',
};

export const DEVICE_MEANINGS: Readonly<Record<string, string>> = {
  iommu: 'index of the IOMMU',
  domain: 'ignored for virtual devices',
  bdf: 'what pairs the ends of a link',
  bar_mask: 'bits of each BAR that can be written',
  caps_start: 'index of its first PCI capability',
  num_msix_vectors: '0: the device uses INTx',
  shmem_region: 'index of the memory region that is shared',
  shmem_regions_start: 'index of the state table; R/W section and output sections follow',
  shmem_dev_id: 'which peer the cell is',
  shmem_peers: 'how many the link can have',
  shmem_protocol: 'the same at all ends',
};
