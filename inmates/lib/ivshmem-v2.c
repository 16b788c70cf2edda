/* SPDX-License-Identifier: MIT */
#include "ivshmem.h"
#include "mmio.h"
#include "mmu.h"
#include "pci.h"

/* Configuration space: the vendor capability and the MSI-X capability behind it */
#define CFG_VENDOR_CAPABILITY 0x40
#define CAPABILITY_NEXT(dword) ((dword) >> 8 & 0xff)
#define CFG_STATE_TABLE_SIZE 0x44
#define CFG_RW_SECTION_SIZE 0x48
#define CFG_OUTPUT_SECTION_SIZE 0x50
#define CFG_MEMORY_ADDRESS 0x58
#define MSIX_CONTROL 2
#define MSIX_CONTROL_ENABLE (1u << 15)
#define MSIX_CONTROL_VECTORS(control) (((control)&0x7ffu) + 1)

#define MSIX_ENTRY_SIZE_BYTES 16
#define MSIX_ENTRY_DATA 8
#define MSIX_ENTRY_CONTROL 12

/* Registers in BAR0 */
#define REG_ID 0x00
#define REG_MAX_PEERS 0x04
#define REG_INT_CTRL 0x08
#define REG_DOORBELL 0x0c
#define REG_STATE 0x10

static void open_msix(struct ivshmem_v2 *device, unsigned int capability, uint64_t table) {
  uint16_t control = pci_read16(device->bdf, capability + MSIX_CONTROL);
  device->vectors = MSIX_CONTROL_VECTORS(control);
  device->msix_table = table;
  pci_write32(device->bdf, PCI_BAR(1), (uint32_t)table);
  pci_write16(device->bdf, capability + MSIX_CONTROL, control | MSIX_CONTROL_ENABLE);
  map_range(table, PAGE_SIZE_BYTES, MAP_DEVICE);
}

static void map_memory(struct ivshmem_v2 *device) {
  int bdf = device->bdf;
  device->rw_section_size_bytes = pci_read64(bdf, CFG_RW_SECTION_SIZE);
  device->output_section_size_bytes = pci_read64(bdf, CFG_OUTPUT_SECTION_SIZE);
  device->state_table = pci_read64(bdf, CFG_MEMORY_ADDRESS);
  device->rw_section = device->state_table + pci_read32(bdf, CFG_STATE_TABLE_SIZE);
  device->output_sections = device->rw_section + device->rw_section_size_bytes;
  uint64_t end = ivshmem_v2_section_of(device, device->max_peers);
  map_range(device->state_table, end - device->state_table, MAP_DEVICE);
}

void ivshmem_v2_open(struct ivshmem_v2 *device, int bdf, uint64_t registers_base) {
  *device = (struct ivshmem_v2){.bdf = bdf, .registers = registers_base, .vectors = 1};
  pci_write32(bdf, PCI_BAR(0), (uint32_t)registers_base);
  map_range(registers_base, PAGE_SIZE_BYTES, MAP_DEVICE);
  unsigned int msix = CAPABILITY_NEXT(pci_read32(bdf, CFG_VENDOR_CAPABILITY));
  if (msix != 0)
    open_msix(device, msix, registers_base + PAGE_SIZE_BYTES);
  pci_write16(bdf, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_BUS_MASTER);
  device->id = mmio_read32(registers_base + REG_ID);
  device->max_peers = mmio_read32(registers_base + REG_MAX_PEERS);
  map_memory(device);
}

void ivshmem_v2_enable_interrupts(const struct ivshmem_v2 *device, unsigned int first_intid) {
  for (unsigned int n = 0; device->msix_table != 0 && n < device->vectors; n++) {
    uint64_t entry = device->msix_table + n * MSIX_ENTRY_SIZE_BYTES;
    mmio_write32(entry + MSIX_ENTRY_DATA, first_intid + n);
    mmio_write32(entry + MSIX_ENTRY_CONTROL, 0);
  }
  mmio_write32(device->registers + REG_INT_CTRL, 1);
}

void ivshmem_v2_set_state(const struct ivshmem_v2 *device, uint32_t state) {
  mmio_write32(device->registers + REG_STATE, state);
}

void ivshmem_v2_ring(const struct ivshmem_v2 *device, uint32_t peer, uint32_t vector) {
  /* What was written to the shared memory must be there before the interrupt is. */
  asm volatile("dsb sy" ::: "memory");
  mmio_write32(device->registers + REG_DOORBELL, peer << 16 | vector);
}
