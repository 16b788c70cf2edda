/* SPDX-License-Identifier: MIT */
/* QEMU starts the first CPU here at EL2, and the others at secondary_start. Vectors for what the cell's EL1 does. */
  .section .start, "ax"
  .globl _start
_start:
  mov x19, #0
  b enter

  .globl secondary_start
secondary_start:
  /* x0: the context that shim.c gave to PSCI */
  mov x19, x0

enter:
  mrs x0, mpidr_el1
  and x0, x0, #3
  adrp x1, stacks
  add x1, x1, :lo12:stacks
  add x0, x0, #1
  add x1, x1, x0, lsl #12
  mov sp, x1
  adrp x0, vectors
  add x0, x0, :lo12:vectors
  msr vbar_el2, x0
  mov x0, x19
  bl setup_cpu
  /* shim.c has set ELR_EL2; x1 carries the context, as under Jailhouse. */
  mov x1, x0
  mov x0, xzr
  eret

  .macro unexpected
  .balign 0x80
  b trap_unexpected
  .endm

  .balign 0x800
vectors:
  .rept 8
  unexpected
  .endr
  .balign 0x80
  b trap_lower
  .rept 7
  unexpected
  .endr

trap_lower:
  sub sp, sp, #256
  stp x0, x1, [sp, #0]
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
  stp x30, xzr, [sp, #240]
  mov x0, sp
  bl handle_trap
  ldp x2, x3, [sp, #16]
  ldp x4, x5, [sp, #32]
  ldp x6, x7, [sp, #48]
  ldp x8, x9, [sp, #64]
  ldp x10, x11, [sp, #80]
  ldp x12, x13, [sp, #96]
  ldp x14, x15, [sp, #112]
  ldp x16, x17, [sp, #128]
  ldp x18, x19, [sp, #144]
  ldp x20, x21, [sp, #160]
  ldp x22, x23, [sp, #176]
  ldp x24, x25, [sp, #192]
  ldp x26, x27, [sp, #208]
  ldp x28, x29, [sp, #224]
  ldr x30, [sp, #240]
  ldp x0, x1, [sp, #0]
  add sp, sp, #256
  eret

  .bss
  .balign 4096
stacks:
  .zero 4 * 4096
