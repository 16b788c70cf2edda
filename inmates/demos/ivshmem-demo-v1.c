/* SPDX-License-Identifier: MIT */
/* Answers every interrupt of the peer with one of its own, and counts its own in a byte of the shared memory. */
#include "inmate.h"
#include "ivshmem-demo.h"

#define MAX_DEVICES 4
/* Where NXP's demo counts; programs on the Linux side look there. */
#define COUNTER_OFFSET 19

static volatile unsigned int interrupts;

static void handle_irq(unsigned int intid) {
  printk("IVSHMEM: handle_irq(irqn:%d) - interrupt #%d\n", intid, interrupts++);
}

static bool open_device(struct ivshmem_v1 *device, int bdf, unsigned int intid) {
  printk("IVSHMEM: Found %04x:%04x at %02x:%02x.%x\n", IVSHMEM_V1_VENDOR, IVSHMEM_V1_DEVICE, PCI_BUS(bdf),
         PCI_DEVICE(bdf), PCI_FUNCTION(bdf));
  uint32_t class_revision = pci_read32(bdf, PCI_CLASS_REVISION);
  if (class_revision != IVSHMEM_V1_CLASS_REVISION) {
    printk("IVSHMEM: class/revision %08x, not supported skipping device\n", class_revision);
    return false;
  }
  ivshmem_v1_probe(device, bdf);
  printk("IVSHMEM: shmem is at %p\n", (void *)device->memory);
  printk("IVSHMEM: bar0 is at %p\n", (void *)device->registers);
  ivshmem_v1_open(device);
  printk("IVSHMEM: mapped shmem and bars, got position %p\n", (void *)(uint64_t)ivshmem_v1_position(device));
  printk("IVSHMEM: Hello from bare-metal ivshmem-demo inmate!!!  \n");
  gic_enable(intid);
  printk("IVSHMEM: Enabled IRQ:0x%x\n", intid);
  printk("IVSHMEM: Enabling IVSHMEM_IRQs\n");
  ivshmem_v1_enable_interrupt(device);
  return true;
}

static void count_and_ring(const struct ivshmem_v1 *device) {
  uint64_t counter = device->memory + COUNTER_OFFSET;
  mmio_write8(counter, mmio_read8(counter) + 1);
  ivshmem_v1_ring(device);
}

bool run_ivshmem_v1_demo(void) {
  struct ivshmem_v1 devices[MAX_DEVICES];
  unsigned int count = 0;
  int bdf = pci_find(IVSHMEM_V1_VENDOR, IVSHMEM_V1_DEVICE, 0);
  if (bdf < 0)
    return false;
  if (!gic_setup(handle_irq))
    return true;
  for (; bdf >= 0 && count < MAX_DEVICES; bdf = pci_find(IVSHMEM_V1_VENDOR, IVSHMEM_V1_DEVICE, bdf + 1))
    if (open_device(&devices[count], bdf, pci_first_intid() + count))
      count++;
  if (count == 0)
    return false;
  printk("IVSHMEM: Done setting up...\n");

  irq_mask();
  for (;;) {
    unsigned int seen = interrupts;
    for (unsigned int n = 0; n < count; n++)
      count_and_ring(&devices[n]);
    printk("IVSHMEM: waiting for interrupt.\n");
    while (interrupts == seen) {
      irq_wait();
      comm_answer();
    }
  }
}
