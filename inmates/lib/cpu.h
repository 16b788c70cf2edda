/* SPDX-License-Identifier: MIT */
/* The calling CPU: system registers, interrupts, waiting, and what the library keeps for each CPU. */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

/* In two steps, so that `name` may be a macro for a register that the assembler knows by number only */
#define SYSREG_TEXT(name) #name
#define read_sysreg(name)                                      \
  ({                                                           \
    uint64_t value_;                                           \
    asm volatile("mrs %0, " SYSREG_TEXT(name) : "=r"(value_)); \
    value_;                                                    \
  })
#define write_sysreg(name, value) asm volatile("msr " SYSREG_TEXT(name) ", %0" ::"r"((uint64_t)(value)) : "memory")

/* One for each CPU of the cell; TPIDR_EL1 points to it. start.S reads the first four fields (cpu-offsets.h). */
struct cpu {
  uint64_t stack_top;
  uint64_t in_exception;
  uint64_t ttbr;
  uint64_t tcr;
  /* 0 for the CPU that the hypervisor started, then in the order of the redistributors */
  unsigned int index;
  /* affinity fields of MPIDR_EL1, as PSCI and the GIC want them */
  uint64_t mpidr;
  uint64_t gicr_base;
  void (*entry)(unsigned int cpu_index);
  volatile bool online;
};

#define MPIDR_AFFINITY_MASK 0xff00ffffffull

static inline struct cpu *this_cpu(void) {
  return (struct cpu *)read_sysreg(tpidr_el1);
}

static inline uint64_t cpu_mpidr(void) {
  return read_sysreg(mpidr_el1) & MPIDR_AFFINITY_MASK;
}

static inline void irq_mask(void) {
  asm volatile("msr daifset, #2" ::: "memory");
}

static inline void irq_unmask(void) {
  asm volatile("msr daifclr, #2\n\tisb" ::: "memory");
}

/* Returns the mask as it was, for irq_restore. */
static inline uint64_t irq_save(void) {
  uint64_t daif = read_sysreg(daif);
  irq_mask();
  return daif;
}

static inline void irq_restore(uint64_t daif) {
  write_sysreg(daif, daif);
}

/*
 * Sleeps until an interrupt is pending and lets its handler run. Call with interrupts masked, after having looked at
 * what the handler changes: then an interrupt between the look and the sleep is not lost. Returns with them masked.
 */
static inline void irq_wait(void) {
  asm volatile("dsb sy\n\twfi" ::: "memory");
  irq_unmask();
  irq_mask();
}

static inline void memory_barrier(void) {
  asm volatile("dmb sy" ::: "memory");
}

/* Stops the calling CPU for good: interrupts masked, asleep. */
void park(void) __attribute__((noreturn));

#endif
