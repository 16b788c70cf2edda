/* SPDX-License-Identifier: MIT */
/* PSCI (Arm DEN 0022), by SMC: the only way in for a cell. */
#ifndef PSCI_H
#define PSCI_H

#include <stdint.h>

#define PSCI_VERSION 0x84000000ull
#define PSCI_CPU_OFF 0x84000002ull
#define PSCI_CPU_ON_64 0xc4000003ull
#define PSCI_AFFINITY_INFO_64 0xc4000004ull

#define PSCI_AFFINITY_ON 0
#define PSCI_AFFINITY_OFF 1
#define PSCI_DENIED (-3)
#define PSCI_ALREADY_ON (-4)

/* SMC calling convention 1.0: x4 to x17 may be lost. */
static inline int64_t smc(uint64_t function, uint64_t arg1, uint64_t arg2, uint64_t arg3) {
  register uint64_t x0 asm("x0") = function;
  register uint64_t x1 asm("x1") = arg1;
  register uint64_t x2 asm("x2") = arg2;
  register uint64_t x3 asm("x3") = arg3;
  asm volatile("smc #0"
               : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
               :
               : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
  return (int64_t)x0;
}

/* 0, PSCI_DENIED for a CPU that is not the cell's, PSCI_ALREADY_ON */
static inline int64_t psci_cpu_on(uint64_t mpidr, uint64_t entry, uint64_t context) {
  return smc(PSCI_CPU_ON_64, mpidr, entry, context);
}

/* PSCI_AFFINITY_ON, PSCI_AFFINITY_OFF, or negative for a CPU that is not the cell's */
static inline int64_t psci_affinity_info(uint64_t mpidr) {
  return smc(PSCI_AFFINITY_INFO_64, mpidr, 0, 0);
}

#endif
