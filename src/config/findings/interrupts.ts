import { pages } from './page';

export const interruptFindings = pages({
  'IRQCHIP-BASE': {
    severity: 'error',
    title: 'pin_base that the hypervisor refuses',
    explanation:
      'pin_base of an irqchip has to be a multiple of 32, and the 128 pins from it on have to be below 1024.',
    remedy: 'Write n + 32, rounded down to a multiple of 32, for SPI n, and set bit (n + 32) % 32 of pin_bitmap[0].',
    errno: 'EINVAL',
  },
  'IRQCHIP-ADDRESS': {
    severity: 'error',
    title: 'irqchip that is not the GIC',
    explanation:
      "The hypervisor only looks at irqchips whose address is the GIC distributor's, platform_info.arm.gicd_base. The interrupts of this one are not given to the cell, and nothing says so.",
    remedy: "Write the distributor's address.",
  },
  'IRQ-PRIVATE': {
    severity: 'warning',
    title: 'private interrupts in an irqchip',
    explanation:
      'Pins are INTIDs. 0 to 31 are private to each CPU (SGIs and PPIs): every cell has those of its CPUs, and bits for them mean nothing. Often SPI numbers were written without adding 32.',
    remedy: 'Add 32 to SPI numbers; leave private interrupts out.',
  },
  'IRQ-RANGE': {
    severity: 'error',
    title: 'interrupt that does not exist',
    explanation: 'INTIDs from 1020 on are special numbers, and each GIC ends somewhere below that.',
    remedy: 'Correct pin_base or the bitmap.',
  },
  'IRQ-NOT-IN-ROOT': {
    severity: 'warning',
    title: 'interrupt that the root cell does not have',
    explanation:
      'The cell gets the interrupt all the same, but it does not go back to Linux when the cell is destroyed. Often it is a wrong number.',
    remedy: "Correct the number, or add the interrupt to the root cell's irqchips.",
  },
  'IRQ-TWICE': {
    severity: 'error',
    title: 'interrupt in two cells',
    explanation:
      'An interrupt goes to the cell that was created last; the other one never sees it again. The hypervisor does not check that. Cells that never exist at the same time may share: check them one by one.',
    remedy: 'Give each interrupt to one cell.',
  },
  'IRQ-OFF-BY-32': {
    severity: 'error',
    title: 'SPI number and INTID mixed up',
    explanation:
      'Irqchips and ivshmem_irq count INTIDs, where SPI 0 is 32. vpci_irq_base, like device trees and data sheets, counts SPIs from 0. The number fits when 32 is added to it, or taken away.',
    remedy: 'Add 32 to an SPI number in pin_bitmap and ivshmem_irq; write vpci_irq_base without it.',
  },
  'IRQ-DEVICE': {
    severity: 'warning',
    title: 'device without its interrupt',
    explanation:
      'The cell has the registers of this device for itself, but not its interrupt. A driver that waits for it waits forever; one that polls works.',
    remedy: "Add the device's INTID to the irqchips.",
  },
  'GIC-VERSION': {
    severity: 'error',
    title: 'GIC version that is not 2 or 3',
    explanation: 'platform_info.arm.gic_version tells the hypervisor which GIC it drives; it knows 2 and 3.',
    remedy: 'Write 3 for all i.MX 8 boards.',
    errno: 'EINVAL',
  },
  'GIC-ADDRESS': {
    severity: 'error',
    title: 'address of the GIC missing',
    explanation:
      'GICv3 needs gicd_base and gicr_base, GICv2 gicd_base, gicc_base, gich_base and gicv_base, each on a page.',
    remedy: 'Take the addresses from the reg property of the interrupt controller in the device tree.',
  },
  'GIC-MAINTENANCE': {
    severity: 'error',
    title: 'maintenance interrupt that is no PPI',
    explanation:
      'maintenance_irq is an INTID of a private interrupt, 16 to 31. Device trees write PPI numbers, which count from 0: PPI 9 is INTID 25.',
    remedy: 'Add 16 to the number in the device tree: 25 on all i.MX 8 boards.',
  },
});
