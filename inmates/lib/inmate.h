/* SPDX-License-Identifier: MIT */
/* All of the library. An inmate defines inmate_main() and uses what it needs; README.md has the table. */
#ifndef INMATE_H
#define INMATE_H

#include "cmdline.h"
#include "comm.h"
#include "cpu.h"
#include "gic.h"
#include "hypercall.h"
#include "ivshmem.h"
#include "mmio.h"
#include "mmu.h"
#include "pci.h"
#include "printk.h"
#include "psci.h"
#include "smp.h"
#include "timer.h"

/* Runs on the first CPU with the MMU on and interrupts open. When it returns, that CPU sleeps for good. */
void inmate_main(void);

#endif
