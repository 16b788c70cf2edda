/* SPDX-License-Identifier: MIT */
/*
 * Where a cell's CPUs begin, and where its exceptions arrive.
 *
 * The hypervisor starts the first CPU at offset 0 in EL1h with interrupts masked, MMU and caches off, and SP, VBAR and
 * CPACR zero. Other CPUs begin at secondary_start when smp.c asks PSCI for them.
 */
#include "cpu-offsets.h"

  .section .boot, "ax"
  .globl _start
_start:
  bl setup_cpu
  adrp x0, stack_top
  mov sp, x0

  /* Variables get their initial values: what the last run of the cell left there must not be seen. */
  adrp x0, data_start
  add x0, x0, :lo12:data_start
  adrp x1, bss_start
  add x1, x1, :lo12:bss_start
  adrp x2, data_initial
  add x2, x2, :lo12:data_initial
1:
  cmp x0, x1
  b.hs 2f
  ldp x3, x4, [x2], #16
  stp x3, x4, [x0], #16
  b 1b
2:
  adrp x1, bss_end
  add x1, x1, :lo12:bss_end
3:
  cmp x0, x1
  b.hs 4f
  stp xzr, xzr, [x0], #16
  b 3b
4:
  adrp x0, boot_cpu
  add x0, x0, :lo12:boot_cpu
  msr tpidr_el1, x0
  bl mmu_build_tables
  bl mmu_enable
  b inmate_boot

/*
 * A CPU that PSCI CPU_ON started. The argument is a struct cpu. PSCI says that it arrives in x0; Jailhouse puts it into
 * x1 and clears x0. Up to mmu_enable nothing but that struct may be read and nothing written: the memory behind the
 * caches of the CPU that called is not visible yet.
 */
  .globl secondary_start
secondary_start:
  cmp x0, #0
  csel x19, x0, x1, ne
  bl setup_cpu
  msr tpidr_el1, x19
  ldr x0, [x19, #CPU_STACK_TOP]
  mov sp, x0
  ldp x0, x1, [x19, #CPU_TTBR]
  bl mmu_enable
  mov x0, x19
  b smp_secondary_main

setup_cpu:
  adrp x0, vectors
  add x0, x0, :lo12:vectors
  msr vbar_el1, x0
  /* Floating point on: an inmate may be built with it. */
  mov x0, #(3 << 20)
  msr cpacr_el1, x0
  isb
  ret

/* Stage 1 on. x0: TTBR0_EL1, x1: TCR_EL1. Touches no memory. MAIR: index 0 write-back, index 1 device nGnRnE. */
mmu_enable:
  mov x2, #0x00ff
  msr mair_el1, x2
  msr tcr_el1, x1
  msr ttbr0_el1, x0
  isb
  tlbi vmalle1
  ic iallu
  dsb nsh
  isb
  mrs x2, sctlr_el1
  /* M, C and I */
  orr x2, x2, #(1 << 0)
  orr x2, x2, #(1 << 2)
  orr x2, x2, #(1 << 12)
  msr sctlr_el1, x2
  isb
  ret

  .macro vector_irq
  .balign 0x80
  b irq_entry
  .endm

  .macro vector_report index
  .balign 0x80
  /* Two scratch registers that work even when the stack does not. */
  msr tpidrro_el0, x0
  msr tpidr_el0, x1
  mov x0, #\index
  b exception_entry
  .endm

  /*
   * Arm ARM DDI 0487 D1.3: four groups (SP_EL0, SP_ELx, lower EL 64-bit, lower EL 32-bit) of synchronous, IRQ, FIQ,
   * SError
   */
  .section .vectors, "ax"
  .balign 0x800
vectors:
  vector_report 0
  vector_report 1
  vector_report 2
  vector_report 3
  vector_report 4
  vector_irq
  vector_report 6
  vector_report 7
  vector_report 8
  vector_irq
  vector_report 10
  vector_report 11
  vector_report 12
  vector_report 13
  vector_report 14
  vector_report 15
  .balign 0x80

  .section .text.exceptions, "ax"
irq_entry:
  sub sp, sp, #192
  stp x0, x1, [sp, #0]
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x29, [sp, #144]
  mrs x0, elr_el1
  stp x30, x0, [sp, #160]
  mrs x0, spsr_el1
  str x0, [sp, #176]
  bl irq_dispatch
  ldr x0, [sp, #176]
  msr spsr_el1, x0
  ldp x30, x0, [sp, #160]
  msr elr_el1, x0
  ldp x18, x29, [sp, #144]
  ldp x16, x17, [sp, #128]
  ldp x14, x15, [sp, #112]
  ldp x12, x13, [sp, #96]
  ldp x10, x11, [sp, #80]
  ldp x8, x9, [sp, #64]
  ldp x6, x7, [sp, #48]
  ldp x4, x5, [sp, #32]
  ldp x2, x3, [sp, #16]
  ldp x0, x1, [sp, #0]
  add sp, sp, #192
  eret

/* x0: vector number; the interrupted x0 and x1 are in TPIDRRO_EL0 and TPIDR_EL0. Does not come back. */
exception_entry:
  mrs x1, tpidr_el1
  cbz x1, park
  ldr x1, [x1, #CPU_IN_EXCEPTION]
  /* An exception while reporting one: the stack or the console is broken, nothing more can be said. */
  cbnz x1, park
  mrs x1, tpidr_el1
  str x1, [x1, #CPU_IN_EXCEPTION]

  sub sp, sp, #256
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x19, [sp, #144]
  stp x20, x21, [sp, #160]
  stp x22, x23, [sp, #176]
  stp x24, x25, [sp, #192]
  stp x26, x27, [sp, #208]
  stp x28, x29, [sp, #224]
  str x30, [sp, #240]
  mrs x2, tpidrro_el0
  mrs x3, tpidr_el0
  stp x2, x3, [sp, #0]
  mov x1, sp
  bl exception_report

  .globl park
park:
  msr daifset, #0xf
1:
  wfi
  b 1b

  .section .cmdline, "aw"
  .globl cmdline
cmdline:
  .zero CMDLINE_SIZE_BYTES
