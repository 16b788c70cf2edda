import { pages } from './page';

export const virtualPciFindings = pages({
  'VPCI-HOST': {
    severity: 'error',
    title: 'virtual device without a virtual PCI host',
    explanation: 'pci_mmconfig_base of the system is 0: no cell has a PCI config space, and nobody finds the device.',
    remedy:
      'Give the system a pci_mmconfig_base in memory or address space that nothing else uses, and pci_is_virtual = 1.',
  },
  'VPCI-WINDOW': {
    severity: 'error',
    title: 'region over the virtual PCI config space',
    explanation:
      'Config space is emulated because nothing is mapped there. A cell that maps the window reads memory instead, and finds no devices.',
    remedy: 'Keep (pci_mmconfig_end_bus + 1) MiB from pci_mmconfig_base on free of regions.',
  },
  'VPCI-BARS': {
    severity: 'error',
    title: "region where Linux puts the virtual devices' registers",
    explanation:
      'The driver tells Linux that the registers of virtual devices are 1 MiB behind pci_mmconfig_base, 0x2000 bytes for each device. A root cell that maps memory there reaches the memory, not the device.',
    remedy: 'Keep these addresses free of regions too: NXP reserves 2 MiB for both.',
  },
  'VPCI-HYPERVISOR': {
    severity: 'error',
    title: "virtual PCI in the hypervisor's memory",
    explanation: 'The root cell has the pages of the hypervisor mapped, as zeros, so the window is not emulated there.',
    remedy: 'Move pci_mmconfig_base or hypervisor_memory.',
  },
  'VPCI-BUS': {
    severity: 'error',
    title: 'device on a bus that the host does not have',
    explanation: 'The config window ends with pci_mmconfig_end_bus; nobody can reach a device on a bus behind it.',
    remedy: 'Use bus 0: bdf = device << 3.',
  },
  'VPCI-BDF-TWICE': {
    severity: 'error',
    title: 'two devices of a cell at one PCI address',
    explanation: 'Devices are found by bdf: only the first of the two can be reached.',
    remedy: 'Give each device a bdf of its own; both ends of a link have the same.',
  },
  'VPCI-DOMAIN': {
    severity: 'warning',
    title: 'device in another PCI domain than the host',
    explanation:
      'The hypervisor ignores the domain of virtual devices. Linux numbers its host by pci_domain of the system, and tools show that.',
    remedy: "Write the system's pci_domain.",
  },
  'VPCI-IRQ': {
    severity: 'error',
    title: 'virtual device that cannot interrupt its cell',
    explanation:
      'A device in INTx mode interrupts the cell with SPI vpci_irq_base + device number % 4. The hypervisor drops interrupts that are not in the irqchips of the cell: doorbells are never heard, and nothing says why.',
    remedy: 'Add INTID 32 + vpci_irq_base + device number % 4 to the irqchips.',
  },
  'VPCI-IRQ-TAKEN': {
    severity: 'error',
    title: "another cell takes the interrupt of the root cell's virtual devices",
    explanation:
      'The irqchips of the cell hold an interrupt that the root cell uses for its virtual PCI devices. While the cell exists Linux hears no doorbells.',
    remedy: 'Choose another vpci_irq_base for the cell, of an SPI that no device uses.',
  },
  'VPCI-IRQ-DEVICE': {
    severity: 'warning',
    title: 'interrupt of virtual devices that a real device uses',
    explanation: 'The SPI belongs to a device of the board: its interrupts and doorbells are one.',
    remedy: 'Choose an SPI that no device uses.',
  },
  'VPCI-TOLD': {
    severity: 'warning',
    title: 'inmate told another PCI window than there is',
    explanation:
      "NXP's pci_cfg_base and pci_cfg_size are copied to the communication region, where bare-metal inmates look for config space. A write to where it is not parks the CPU. Linux has the address from its device tree; for a Linux cell this is a note, as for NXP's imx8qm-linux-demo.",
    remedy: "Write the system's pci_mmconfig_base, and (pci_mmconfig_end_bus + 1) MiB.",
  },
  'VPCI-IRQ-TOLD': {
    severity: 'warning',
    title: 'inmate told another interrupt than it gets',
    explanation:
      "NXP's ivshmem_irq is copied to the communication region. It is an INTID: 32 + vpci_irq_base + device number % 4.",
    remedy: 'Write that number.',
  },
});
