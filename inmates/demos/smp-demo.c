/* SPDX-License-Identifier: MIT */
/*
 * Starts every CPU of the cell, then passes an SGI round all of them once a second and says how long that took.
 * period-ms= sets another pause.
 */
#include "inmate.h"

#define RING_SGI 1u
#define DEFAULT_PERIOD_MS 1000

static unsigned int cpu_count;
static unsigned int ready_count;
static volatile unsigned int round_number;
static volatile bool round_done;

static void pass_on(void) {
  gic_send_sgi(RING_SGI, smp_mpidr((smp_index() + 1) % cpu_count));
}

static void handle_irq(unsigned int intid) {
  if (intid != RING_SGI)
    return;
  /* Each CPU shows once that it takes part; afterwards printing would only cost time. */
  if (round_number == 1)
    printk("CPU %u got SGI %u\n", smp_index(), RING_SGI);
  if (smp_index() == 0)
    round_done = true;
  else
    pass_on();
}

static void run_secondary(unsigned int cpu_index) {
  gic_enable(RING_SGI);
  printk("CPU %u is up, affinity 0x%lx\n", cpu_index, cpu_mpidr());
  __atomic_add_fetch(&ready_count, 1, __ATOMIC_RELEASE);
  irq_mask();
  for (;;)
    irq_wait();
}

void inmate_main(void) {
  if (!gic_setup(handle_irq))
    return;
  gic_enable(TIMER_INTID);
  gic_enable(RING_SGI);
  printk("CPU 0 is up, affinity 0x%lx\n", cpu_mpidr());
  cpu_count = smp_start(run_secondary);
  while (__atomic_load_n(&ready_count, __ATOMIC_ACQUIRE) < cpu_count - 1)
    continue;
  printk("%u CPUs are up\n", cpu_count);

  uint64_t period_us = (uint64_t)cmdline_int("period-ms", DEFAULT_PERIOD_MS) * 1000;
  for (;;) {
    irq_mask();
    round_number++;
    round_done = false;
    uint64_t start = timer_ticks();
    pass_on();
    while (!round_done)
      irq_wait();
    irq_unmask();
    printk("Round %u: %ld ns\n", round_number, timer_ticks_to_ns(timer_ticks() - start));
    comm_answer();
    timer_sleep_us(period_us);
  }
}
