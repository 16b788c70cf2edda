/* SPDX-License-Identifier: MIT */
/* The virtual PCI bus of the cell, by ECAM. */
#ifndef PCI_H
#define PCI_H

#include <stdbool.h>
#include <stdint.h>

#define PCI_FUNCTIONS 256

#define PCI_COMMAND 0x04
#define PCI_COMMAND_MEMORY (1u << 1)
#define PCI_COMMAND_BUS_MASTER (1u << 2)
#define PCI_CLASS_REVISION 0x08
#define PCI_BAR(n) (0x10 + 4 * (n))

/* The parts of a BDF, for "%02x:%02x.%x" */
#define PCI_BUS(bdf) ((bdf) >> 8)
#define PCI_DEVICE(bdf) ((bdf) >> 3 & 0x1f)
#define PCI_FUNCTION(bdf) ((bdf) & 7)

/*
 * Maps the configuration space that the communication region names, or `pci-cfg-base=` of the command line (Jailhouse
 * 0.10 and 0.11 without NXP's additions name none). false: the cell has no PCI.
 */
bool pci_setup(void);

/* The first function from `bdf` on with these ids, -1 without one. Only bus 0 is searched. */
int pci_find(uint16_t vendor, uint16_t device, int bdf);

uint16_t pci_read16(int bdf, unsigned int offset);
uint32_t pci_read32(int bdf, unsigned int offset);
uint64_t pci_read64(int bdf, unsigned int offset);
void pci_write16(int bdf, unsigned int offset, uint16_t value);
void pci_write32(int bdf, unsigned int offset, uint32_t value);
void pci_write64(int bdf, unsigned int offset, uint64_t value);

/* Interrupt of the first device on the virtual bus as an INTID; `irq_base=` on the command line overrides. */
unsigned int pci_first_intid(void);

#endif
