/* SPDX-License-Identifier: MIT */
/* The load/store loop's work on a counter next to the code: code and data share a page, as in small inmates. */
#include "bench.h"
#define ROUNDS 5000000

benchmark_start "shared-page-bench"
  adr x1, data
  load_constant x0, ROUNDS
  measure_start
1:
  ldr x3, [x1]
  ldp x4, x5, [x1, #8]
  add x3, x3, x4
  eor x4, x4, x5
  str x3, [x1, #24]
  stp x4, x3, [x1]
  add x5, x5, #1
  add x6, x5, x3
  subs x0, x0, #1
  b.ne 1b
  measure_end "instructions", (ROUNDS * 10)
  b finish
  .balign 16
data:
  .xword 1, 2, 3, 4
finish:
benchmark_end
