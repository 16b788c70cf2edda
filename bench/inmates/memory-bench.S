/* SPDX-License-Identifier: MIT */
/* Loads and stores through 32 KiB: two loads, two stores and six other instructions for each 32 bytes. */
#include "bench.h"
#define PASSES 20000
#define ROUNDS_PER_PASS (MEMORY_SIZE_BYTES / 32)

benchmark_start "memory-bench"
  add x9, x20, #MEMORY_OFFSET
  load_constant x0, PASSES
  measure_start
1:
  mov x1, x9
  mov x2, #ROUNDS_PER_PASS
2:
  ldr x3, [x1]
  ldp x4, x5, [x1, #8]
  add x3, x3, x4
  eor x4, x4, x5
  str x3, [x1, #24]
  stp x4, x3, [x1]
  add x5, x5, #1
  add x1, x1, #32
  subs x2, x2, #1
  b.ne 2b
  subs x0, x0, #1
  b.ne 1b
  measure_end "instructions", (PASSES * (ROUNDS_PER_PASS * 10 + 4))
benchmark_end
