/* SPDX-License-Identifier: MIT */
/* The other CPUs of the cell. The hypervisor starts the first; the inmate starts the rest by PSCI. */
#ifndef SMP_H
#define SMP_H

#include <stdint.h>

#define SMP_MAX_CPUS 16

/*
 * Starts every other CPU of the cell and waits until each runs entry(index), with MMU on, interrupts open, GIC set up.
 * Call once, after gic_setup(). When entry returns, the CPU is turned off. Takes 2 KiB of the heap per CPU for its
 * stack. Returns the number of CPUs that run now, the caller included.
 */
unsigned int smp_start(void (*entry)(unsigned int cpu_index));

/* The affinity fields of a CPU, 0 being the first, as gic_send_sgi takes them. */
uint64_t smp_mpidr(unsigned int cpu_index);

/* The index of the calling CPU. */
unsigned int smp_index(void);

#endif
