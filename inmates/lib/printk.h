/* SPDX-License-Identifier: MIT */
#ifndef PRINTK_H
#define PRINTK_H

/*
 * Prints to the cell's console. %c %d %u %x %p %s %%, with a width, zero fill (%04x) and l or ll; %p is 0x and 16
 * digits. An unknown conversion is printed as it stands. One call is one piece: lines of several CPUs do not mix.
 */
void printk(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Takes the console away from whoever holds it: for the report of an exception, which may come amid a printk. */
void printk_break_lock(void);

#endif
