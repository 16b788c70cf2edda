/* SPDX-License-Identifier: MIT */
/* Counts in the 64 bits at offset 0x100 of the image for good: who can read the cell's memory sees that it runs. */
  .globl _start
_start:
  adr x0, counter
  mov x1, #0
1:
  add x1, x1, #1
  str x1, [x0]
  b 1b
  .org 0x100
counter:
  .quad 0
