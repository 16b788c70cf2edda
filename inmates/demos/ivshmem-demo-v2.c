/* SPDX-License-Identifier: MIT */
/*
 * Interrupts a peer every second, and shows the shared memory whenever a peer interrupts. The values that it leaves
 * there are those of Jailhouse's ivshmem-demo tool, which can be the peer. target=N: whom to interrupt, irq_base=INTID.
 */
#include "inmate.h"
#include "ivshmem-demo.h"

/* Free address space of the cells of every board; BAR1 follows one page behind. */
#define REGISTERS_BASE 0xff000000ull
#define VALUE_PER_INTERRUPT 10

static struct ivshmem_v2 device;
static unsigned int first_intid;
static volatile unsigned int interrupts;
static volatile unsigned int last_vector;

static void handle_irq(unsigned int intid) {
  if (intid < first_intid || intid >= first_intid + device.vectors)
    return;
  last_vector = intid - first_intid;
  interrupts++;
}

static void show_shared_memory(void) {
  for (uint32_t peer = 0; peer < device.max_peers; peer++)
    printk("state[%d] = %d\n", peer, mmio_read32(device.state_table + peer * sizeof(uint32_t)));
  for (uint32_t peer = 0; peer < device.max_peers; peer++)
    printk("rw[%d] = %d\n", peer, mmio_read32(device.rw_section + peer * sizeof(uint32_t)));
  for (uint32_t peer = 0; peer < device.max_peers; peer++) {
    uint64_t section = ivshmem_v2_section_of(&device, peer);
    printk("in@0x%04lx = %d\n", section - device.output_sections, mmio_read32(section));
  }
}

static void show_device(void) {
  printk("IVSHMEM: bar0 is at %p\n", (void *)device.registers);
  if (device.msix_table != 0)
    printk("IVSHMEM: bar1 is at %p\n", (void *)device.msix_table);
  printk("IVSHMEM: ID is %d\n", device.id);
  printk("IVSHMEM: max. peers is %d\n", device.max_peers);
  printk("IVSHMEM: state table is at %p\n", (void *)device.state_table);
  printk("IVSHMEM: R/W section is at %p\n", (void *)device.rw_section);
  printk("IVSHMEM: input sections start at %p\n", (void *)device.output_sections);
  printk("IVSHMEM: output section is at %p\n", (void *)ivshmem_v2_section_of(&device, device.id));
}

static void publish(uint32_t count) {
  mmio_write32(device.rw_section + device.id * sizeof(uint32_t), count);
  mmio_write32(ivshmem_v2_section_of(&device, device.id), count * VALUE_PER_INTERRUPT);
}

static void handle_news(unsigned int count) {
  printk("\nIVSHMEM: got interrupt %d (#%d)\n", last_vector, count);
  show_shared_memory();
  publish(count);
  ivshmem_v2_enable_interrupts(&device, first_intid);
}

static void run(uint32_t target) {
  uint32_t vector = device.msix_table != 0 ? device.id + 1 : 0;
  uint64_t next_send = timer_ticks() + timer_hz();
  unsigned int seen = 0;
  irq_mask();
  for (;;) {
    if (interrupts != seen) {
      seen = interrupts;
      handle_news(seen);
    }
    if (timer_ticks() >= next_send) {
      next_send += timer_hz();
      printk("\nIVSHMEM: sending IRQ %d to peer %d\n", vector, target);
      ivshmem_v2_ring(&device, target, vector);
    }
    timer_start_at(next_send);
    irq_wait();
    comm_answer();
  }
}

bool run_ivshmem_v2_demo(void) {
  int bdf = pci_find(IVSHMEM_V2_VENDOR, IVSHMEM_V2_DEVICE, 0);
  if (bdf < 0)
    return false;
  printk("IVSHMEM: Found device at %02x:%02x.%x\n", PCI_BUS(bdf), PCI_DEVICE(bdf), PCI_FUNCTION(bdf));
  ivshmem_v2_open(&device, bdf, REGISTERS_BASE);
  show_device();

  first_intid = pci_first_intid();
  if (!gic_setup(handle_irq))
    return true;
  for (unsigned int n = 0; n < device.vectors; n++)
    gic_enable(first_intid + n);
  gic_enable(TIMER_INTID);
  publish(0);
  ivshmem_v2_enable_interrupts(&device, first_intid);
  ivshmem_v2_set_state(&device, device.id + 1);
  printk("IVSHMEM: initialized device\n");
  show_shared_memory();
  run((uint32_t)cmdline_int("target", (device.id + 1) % device.max_peers));
  return true;
}
