/* SPDX-License-Identifier: MIT */
/*
 * Starts a Linux kernel in a cell. It lies where the cell's CPU begins; 4 KiB behind it is a command line with the guest
 * addresses of kernel and device tree in hexadecimal: "kernel=0x93e80000 dtb=0x93c00000".
 *
 * What the kernel wants (Linux: Documentation/arch/arm64/booting): x0 is the device tree, x1 to x3 are 0, interrupts are
 * masked, MMU and caches off. The hypervisor has left MMU and caches off, and nothing here turns them on, so there is
 * nothing to clean either. It runs wherever it is loaded.
 */
#define CMDLINE_OFFSET 0x1000

  .section .text
  .globl _start
_start:
  msr daifset, #0xf
  mov x0, #0                /* device tree */
  mov x5, #0                /* kernel */
  adr x4, _start
  add x4, x4, #CMDLINE_OFFSET

  /* Each word is told by its first letter. */
next_word:
  ldrb w6, [x4], #1
  cbz w6, start_kernel
  cmp w6, #' '
  b.eq next_word
  mov w7, w6

find_number:
  ldrb w6, [x4], #1
  cbz w6, start_kernel
  cmp w6, #'x'
  b.ne find_number
  mov x8, #0

next_digit:
  ldrb w6, [x4]
  sub w9, w6, #'0'
  cmp w9, #10
  b.lo add_digit
  sub w9, w6, #('a' - 10)
  cmp w9, #10
  b.lo end_of_number
  cmp w9, #15
  b.hi end_of_number
add_digit:
  add x8, x9, x8, lsl #4
  add x4, x4, #1
  b next_digit

end_of_number:
  cmp w7, #'k'
  csel x5, x8, x5, eq
  cmp w7, #'d'
  csel x0, x8, x0, eq
  b next_word

start_kernel:
  mov x1, #0
  mov x2, #0
  mov x3, #0
  br x5
