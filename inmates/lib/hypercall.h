/* SPDX-License-Identifier: MIT */
/* Calls into the Jailhouse hypervisor. Any HVC immediate but this one parks the CPU. */
#ifndef HYPERCALL_H
#define HYPERCALL_H

#include <stdint.h>

#define HYPERCALL_GET_INFO 5
#define HYPERCALL_CPU_GET_INFO 7
#define HYPERCALL_DEBUG_CONSOLE_PUTC 8

/* 0 or a value; negative: errno, -1 (EPERM) where the cell may not, -38 (ENOSYS) for an unknown call. */
static inline int64_t hypercall(uint64_t number, uint64_t arg1, uint64_t arg2) {
  register uint64_t x0 asm("x0") = number;
  register uint64_t x1 asm("x1") = arg1;
  register uint64_t x2 asm("x2") = arg2;
  asm volatile("hvc #0x4a48" : "+r"(x0) : "r"(x1), "r"(x2) : "memory");
  return (int64_t)x0;
}

#endif
