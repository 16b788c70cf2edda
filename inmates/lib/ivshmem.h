/* SPDX-License-Identifier: MIT */
/*
 * Shared memory between cells as a virtual PCI device. Version 1 (1af4:1110) joins two cells, up to Jailhouse 0.11
 * and NXP's releases up to 5.4.3; version 2 (110a:4106) joins up to twelve, from Jailhouse 0.12 on.
 */
#ifndef IVSHMEM_H
#define IVSHMEM_H

#include <stdbool.h>
#include <stdint.h>

#define IVSHMEM_V1_VENDOR 0x1af4
#define IVSHMEM_V1_DEVICE 0x1110
/* Dword 8 of the configuration space: class, protocol "undefined", revision 0 */
#define IVSHMEM_V1_CLASS_REVISION 0xff000000u

#define IVSHMEM_V2_VENDOR 0x110a
#define IVSHMEM_V2_DEVICE 0x4106

struct ivshmem_v1 {
  int bdf;
  uint64_t registers;
  uint64_t memory;
  uint64_t memory_size_bytes;
};

/* Reads where the shared memory is. The caller has found the device with pci_find. */
void ivshmem_v1_probe(struct ivshmem_v1 *device, int bdf);

/* Places the registers behind the shared memory, enables the device and maps both. */
void ivshmem_v1_open(struct ivshmem_v1 *device);

/* 0: the cell that was attached first (the root cell), 1: the other */
uint32_t ivshmem_v1_position(const struct ivshmem_v1 *device);

void ivshmem_v1_enable_interrupt(const struct ivshmem_v1 *device);

/* Interrupts the peer. */
void ivshmem_v1_ring(const struct ivshmem_v1 *device);

struct ivshmem_v2 {
  int bdf;
  uint64_t registers;
  /* 0: the device interrupts by INTx */
  uint64_t msix_table;
  /* 1 with INTx */
  unsigned int vectors;
  uint32_t id;
  uint32_t max_peers;
  /*
   * the shared memory: one 32-bit state per peer, a section all may write, one section per peer that only it may write
   */
  uint64_t state_table;
  uint64_t rw_section;
  uint64_t rw_section_size_bytes;
  uint64_t output_sections;
  uint64_t output_section_size_bytes;
};

/* Places the registers at registers_base (and the MSI-X table one page after), enables the device, maps all of it. */
void ivshmem_v2_open(struct ivshmem_v2 *device, int bdf, uint64_t registers_base);

/* Vector n arrives as INTID first_intid + n (INTx: first_intid). Again after each interrupt of a one-shot device. */
void ivshmem_v2_enable_interrupts(const struct ivshmem_v2 *device, unsigned int first_intid);

/* Shown to the peers in the state table; a change interrupts them. */
void ivshmem_v2_set_state(const struct ivshmem_v2 *device, uint32_t state);

void ivshmem_v2_ring(const struct ivshmem_v2 *device, uint32_t peer, uint32_t vector);

/* The section that peer n writes */
static inline uint64_t ivshmem_v2_section_of(const struct ivshmem_v2 *device, uint32_t peer) {
  return device->output_sections + peer * device->output_section_size_bytes;
}

#endif
