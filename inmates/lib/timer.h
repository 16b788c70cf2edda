/* SPDX-License-Identifier: MIT */
/* The generic timer: the virtual counter and the virtual timer of the calling CPU. Using them never leaves the cell. */
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

/* The virtual timer's PPI. gic_enable(TIMER_INTID) on each CPU that uses it. */
#define TIMER_INTID 27u

/* Ticks per second */
uint64_t timer_hz(void);

/* Ticks since some moment before the cell started; the same on all CPUs. */
uint64_t timer_ticks(void);

/* Raises INTID 27 once, when timer_ticks() reaches `ticks`. The library stops the timer before it calls the handler. */
void timer_start_at(uint64_t ticks);
void timer_stop(void);

/*
 * Rounded the way Jailhouse's inmates do it, so that figures can be compared with logs of a board: ceil(v / d) - 1 with
 * v = 1000 * ticks and d = whole MHz. 8 ticks of an 8 MHz timer are 999 ns.
 */
int64_t timer_ticks_to_ns(uint64_t ticks);

/* Sleeps, and serves interrupts meanwhile. Needs gic_setup() and gic_enable(TIMER_INTID) on this CPU. */
void timer_sleep_us(uint64_t microseconds);

#endif
