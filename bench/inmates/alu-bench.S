/* SPDX-License-Identifier: MIT */
/* Integer arithmetic on registers, ten instructions a round. */
#include "bench.h"
#define ROUNDS 50000000

benchmark_start "alu-bench"
  load_constant x0, ROUNDS
  mov x1, #1
  mov x2, #3
  measure_start
1:
  add x3, x1, x2
  eor x4, x3, x0
  lsl x5, x4, #7
  sub x6, x5, x1
  and x7, x6, x3
  orr x1, x7, #1
  madd x2, x1, x4, x3
  ubfx x8, x2, #5, #11
  subs x0, x0, #1
  b.ne 1b
  measure_end "instructions", (ROUNDS * 10)
benchmark_end
