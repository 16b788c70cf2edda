/* SPDX-License-Identifier: MIT */
/*
 * Counts on the console. Jailhouse's demo of this name prints as fast as the UART takes it, which leaves no room for
 * anything else on a console that Linux shares; this one pauses between the lines. period-ms=0 prints without a pause.
 */
#include "inmate.h"

#define DEFAULT_PERIOD_MS 250

void inmate_main(void) {
  int64_t period_ms = cmdline_int("period-ms", DEFAULT_PERIOD_MS);
  if (period_ms > 0 && gic_setup(NULL))
    gic_enable(TIMER_INTID);
  else
    period_ms = 0;

  for (unsigned int count = 1;; count++) {
    printk("Hello %u from cell!\n", count);
    if (period_ms > 0)
      timer_sleep_us((uint64_t)period_ms * 1000);
    comm_answer();
  }
}
