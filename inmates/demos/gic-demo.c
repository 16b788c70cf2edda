/* SPDX-License-Identifier: MIT */
/*
 * Ten timer interrupts a second, and how late each one came.
 * led-reg=ADDRESS led-pin=BIT also toggles that bit of a 32-bit register at each interrupt.
 */
#include "inmate.h"

#define BEATS_PER_SECOND 10

static uint64_t ticks_per_beat, expected;
static int64_t min_ns = INT64_MAX, max_ns;
static uint64_t led_register;
static uint32_t led_bit;

static void handle_irq(unsigned int intid) {
  if (intid != TIMER_INTID)
    return;
  int64_t jitter_ns = timer_ticks_to_ns(timer_ticks() - expected);
  if (jitter_ns < min_ns)
    min_ns = jitter_ns;
  if (jitter_ns > max_ns)
    max_ns = jitter_ns;
  printk("Timer fired, jitter: %6ld ns, min: %6ld ns, max: %6ld ns\n", jitter_ns, min_ns, max_ns);
  if (led_register != 0)
    mmio_write32(led_register, mmio_read32(led_register) ^ led_bit);
  expected = timer_ticks() + ticks_per_beat;
  timer_start_at(expected);
}

void inmate_main(void) {
  led_register = (uint64_t)cmdline_int("led-reg", 0);
  led_bit = 1u << (cmdline_int("led-pin", 0) & 31);
  if (led_register != 0)
    map_range(led_register, sizeof(uint32_t), MAP_DEVICE);

  printk("Initializing the GIC...\n");
  if (!gic_setup(handle_irq))
    return;
  gic_enable(TIMER_INTID);

  printk("Initializing the timer...\n");
  irq_mask();
  ticks_per_beat = timer_hz() / BEATS_PER_SECOND;
  expected = timer_ticks() + ticks_per_beat;
  timer_start_at(expected);
  for (;;) {
    irq_wait();
    comm_answer();
  }
}
