/* SPDX-License-Identifier: MIT */
/*
 * Device registers. Always one plain load or store: a form with writeback, or a pair, carries no syndrome when it
 * traps, and the hypervisor parks the CPU for an access that it cannot decode.
 */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

#define MMIO_ACCESSORS(bits, load, store, operand)                                          \
  static inline uint##bits##_t mmio_read##bits(uint64_t address) {                          \
    uint##bits##_t value;                                                                   \
    asm volatile(load " %" operand "0, [%1]" : "=r"(value) : "r"(address) : "memory");      \
    return value;                                                                           \
  }                                                                                         \
  static inline void mmio_write##bits(uint64_t address, uint##bits##_t value) {             \
    asm volatile(store " %" operand "0, [%1]" ::"r"(value), "r"(address) : "memory");       \
  }

MMIO_ACCESSORS(8, "ldrb", "strb", "w")
MMIO_ACCESSORS(16, "ldrh", "strh", "w")
MMIO_ACCESSORS(32, "ldr", "str", "w")
MMIO_ACCESSORS(64, "ldr", "str", "x")

#endif
