/* SPDX-License-Identifier: MIT */
/* What gdb.test.ts looks into: two CPUs, calls, variables, a loop that ends only from outside, and a fault on demand. */
#include "inmate.h"

volatile long calls;
volatile long total = 7;
volatile bool leaves_loop;
volatile unsigned int spins, other_spins;

__attribute__((noinline)) static long inner(long number) {
  calls++;
  return number * 2;
}

__attribute__((noinline)) static long middle(long number) {
  long sum = inner(number) + inner(number + 1);
  calls++;
  return sum;
}

__attribute__((noinline)) static void wait_for_user(void) {
  while (!leaves_loop)
    if (++spins == 200000)
      printk("still waiting\n");
}

__attribute__((noinline)) static void fault(void) {
  *(volatile int *)0x12345678 = 1;
}

static void other_cpu(unsigned int cpu_index) {
  for (;;)
    other_spins += cpu_index;
}

void inmate_main(void) {
  if (!gic_setup(NULL))
    return;
  smp_start(other_cpu);
  printk("begins\n");
  total += middle(1);
  wait_for_user();
  printk("total is %ld\n", total);
  map_range(0x12345000, 0x1000, MAP_DEVICE);
  fault();
}
