/* SPDX-License-Identifier: MIT */
/*
 * Register reads that leave the core: the GIC's distributor, which a hypervisor emulates, and the UART, which is
 * passed on.
 */
#include "bench.h"
#define ACCESSES 1000000

benchmark_start "mmio-bench"
  load_constant x0, ACCESSES
  load_constant x1, GICD_TYPER
  measure_start
1:
  ldr w2, [x1]
  subs x0, x0, #1
  b.ne 1b
  measure_end "distributor reads", ACCESSES

  load_constant x0, ACCESSES
  load_constant x1, (UART_BASE + UART_FLAGS)
  measure_start
1:
  ldr w2, [x1]
  subs x0, x0, #1
  b.ne 1b
  measure_end "uart reads", ACCESSES
benchmark_end
