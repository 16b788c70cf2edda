/* SPDX-License-Identifier: MIT */
#include "timer.h"

#include "cpu.h"

#define TIMER_ENABLE 1
#define HZ_PER_MHZ 1000000ull

uint64_t timer_hz(void) {
  return read_sysreg(cntfrq_el0);
}

uint64_t timer_ticks(void) {
  /* Not earlier than what stands before it */
  asm volatile("isb" ::: "memory");
  return read_sysreg(cntvct_el0);
}

void timer_start_at(uint64_t ticks) {
  write_sysreg(cntv_cval_el0, ticks);
  write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
  asm volatile("isb" ::: "memory");
}

void timer_stop(void) {
  write_sysreg(cntv_ctl_el0, 0);
  asm volatile("isb" ::: "memory");
}

int64_t timer_ticks_to_ns(uint64_t ticks) {
  uint64_t mhz = timer_hz() / HZ_PER_MHZ;
  if (ticks == 0 || mhz == 0)
    return 0;
  return (int64_t)((ticks * 1000 - 1) / mhz);
}

void timer_sleep_us(uint64_t microseconds) {
  uint64_t deadline = timer_ticks() + microseconds * timer_hz() / HZ_PER_MHZ;
  irq_mask();
  while (timer_ticks() < deadline) {
    timer_start_at(deadline);
    irq_wait();
  }
  irq_unmask();
}
