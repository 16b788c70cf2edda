/* SPDX-License-Identifier: MIT */
/* Calls two deep with a stack frame, by BL and by BLR: twelve instructions a round. */
#include "bench.h"
#define ROUNDS 20000000

benchmark_start "call-bench"
  load_constant x0, ROUNDS
  adr x9, leaf
  measure_start
1:
  bl outer
  subs x0, x0, #1
  b.ne 1b
  measure_end "instructions", (ROUNDS * 12)
benchmark_end

outer:
  stp x29, x30, [sp, #-16]!
  bl leaf
  blr x9
  ldp x29, x30, [sp], #16
  ret

leaf:
  add x1, x1, #1
  ret
