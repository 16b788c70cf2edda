/* SPDX-License-Identifier: MIT */
/* The least that prints: one hypercall a character (the cell needs VIRTUAL_CONSOLE_PERMITTED). No MMU, no stack. */
  .globl _start
_start:
  adr x19, text
1:
  ldrb w1, [x19], #1
  cbz w1, 2f
  mov x0, #8
  hvc #0x4a48
  b 1b
2:
  wfi
  b 2b
text:
  .asciz "Hello from the virtual console\n"
