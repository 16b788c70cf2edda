/* SPDX-License-Identifier: MIT */
/* What start.S knows about C: smp.c asserts that these agree with struct cpu. */
#ifndef CPU_OFFSETS_H
#define CPU_OFFSETS_H

#define CPU_STACK_TOP 0
#define CPU_IN_EXCEPTION 8
#define CPU_TTBR 16
#define CPU_TCR 24

#define CMDLINE_SIZE_BYTES 256

#endif
