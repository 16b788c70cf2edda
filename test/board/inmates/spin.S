/* SPDX-License-Identifier: MIT */
/* Never stops, never exits to the hypervisor. */
  .globl _start
_start:
  b _start
