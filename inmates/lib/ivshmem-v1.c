/* SPDX-License-Identifier: MIT */
#include "ivshmem.h"
#include "mmio.h"
#include "mmu.h"
#include "pci.h"

/* Configuration space */
#define CFG_MEMORY_ADDRESS 0x40
#define CFG_MEMORY_SIZE 0x48

/* Registers in BAR0; any other offset parks the CPU */
#define REG_INTX_CTRL 0x00
#define REG_IVPOSITION 0x08
#define REG_DOORBELL 0x0c

void ivshmem_v1_probe(struct ivshmem_v1 *device, int bdf) {
  device->bdf = bdf;
  device->memory_size_bytes = pci_read64(bdf, CFG_MEMORY_SIZE);
  device->memory = pci_read64(bdf, CFG_MEMORY_ADDRESS);
  device->registers = (device->memory + device->memory_size_bytes + PAGE_SIZE_BYTES - 1) & ~(PAGE_SIZE_BYTES - 1);
}

void ivshmem_v1_open(struct ivshmem_v1 *device) {
  pci_write64(device->bdf, PCI_BAR(0), device->registers);
  pci_write16(device->bdf, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_BUS_MASTER);
  map_range(device->memory, device->memory_size_bytes, MAP_DEVICE);
  map_range(device->registers, PAGE_SIZE_BYTES, MAP_DEVICE);
}

uint32_t ivshmem_v1_position(const struct ivshmem_v1 *device) {
  return mmio_read32(device->registers + REG_IVPOSITION);
}

void ivshmem_v1_enable_interrupt(const struct ivshmem_v1 *device) {
  mmio_write32(device->registers + REG_INTX_CTRL, 0xffffffff);
}

void ivshmem_v1_ring(const struct ivshmem_v1 *device) {
  /* What was written to the shared memory must be there before the interrupt is. */
  asm volatile("dsb sy" ::: "memory");
  mmio_write32(device->registers + REG_DOORBELL, 1);
}
