/* SPDX-License-Identifier: MIT */
/*
 * GICv3. Everything is numbered by INTID: 0 to 15 SGIs, 16 to 31 PPIs, 32 and up SPIs (SPI n is INTID 32 + n).
 * Priorities, groups and routing stay as the hypervisor and Linux left them.
 */
#ifndef GIC_H
#define GIC_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*irq_handler)(unsigned int intid);

/*
 * Finds the calling CPU's redistributor and opens its CPU interface. The handler gets every interrupt, on every CPU
 * of the cell, with interrupts masked; NULL: nothing to call. CPUs started later (smp.h) are set up by themselves.
 * false, with a message: no GICv3, or no redistributor for this CPU.
 */
bool gic_setup(irq_handler handler);

/* Lets an interrupt through; SGIs and PPIs on the calling CPU only. */
void gic_enable(unsigned int intid);

/* Sends SGI 0 to 15 to the CPU with these affinity fields of MPIDR_EL1. */
void gic_send_sgi(unsigned int intid, uint64_t mpidr);

/*
 * Walks the redistributors of all CPUs of the system, foreign ones included. Start with 0; returns the frame after
 * `frame`, 0 after the last one. The affinity fields of its CPU go to *mpidr.
 */
uint64_t gic_next_redistributor(uint64_t frame, uint64_t *mpidr);

/* For smp.c: the part of gic_setup that each CPU does for itself. */
bool gic_setup_cpu(void);

#endif
