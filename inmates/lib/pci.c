/* SPDX-License-Identifier: MIT */
#include "pci.h"

#include "cmdline.h"
#include "comm.h"
#include "mmio.h"
#include "mmu.h"

#define PCI_VENDOR_ID 0x00
#define PCI_DEVICE_ID 0x02
#define BUS_SIZE_BYTES 0x100000ull

static uint64_t cfg_base;

bool pci_setup(void) {
  cfg_base = (uint64_t)cmdline_int("pci-cfg-base", (int64_t)comm.pci_cfg_base);
  if (cfg_base == 0)
    return false;
  map_range(cfg_base, comm.pci_cfg_size_bytes != 0 ? comm.pci_cfg_size_bytes : BUS_SIZE_BYTES, MAP_DEVICE);
  return true;
}

static uint64_t address(int bdf, unsigned int offset) {
  return cfg_base + ((uint64_t)bdf << 12) + offset;
}

uint16_t pci_read16(int bdf, unsigned int offset) {
  return mmio_read16(address(bdf, offset));
}

uint32_t pci_read32(int bdf, unsigned int offset) {
  return mmio_read32(address(bdf, offset));
}

/* The host parks a CPU for an access of 8 bytes. */
uint64_t pci_read64(int bdf, unsigned int offset) {
  return (uint64_t)pci_read32(bdf, offset + 4) << 32 | pci_read32(bdf, offset);
}

void pci_write16(int bdf, unsigned int offset, uint16_t value) {
  mmio_write16(address(bdf, offset), value);
}

void pci_write32(int bdf, unsigned int offset, uint32_t value) {
  mmio_write32(address(bdf, offset), value);
}

void pci_write64(int bdf, unsigned int offset, uint64_t value) {
  pci_write32(bdf, offset + 4, (uint32_t)(value >> 32));
  pci_write32(bdf, offset, (uint32_t)value);
}

int pci_find(uint16_t vendor, uint16_t device, int bdf) {
  for (; bdf < PCI_FUNCTIONS; bdf++)
    if (pci_read16(bdf, PCI_VENDOR_ID) == vendor && pci_read16(bdf, PCI_DEVICE_ID) == device)
      return bdf;
  return -1;
}

unsigned int pci_first_intid(void) {
  return (unsigned int)cmdline_int("irq_base", comm.vpci_intid);
}
