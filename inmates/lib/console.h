/* SPDX-License-Identifier: MIT */
/*
 * Where the inmate's text goes: the hypervisor's console, a UART, or both.
 *
 * The communication region names them; the command line overrides: con-virtual, con-type (8250, IMX, IMX-LPUART,
 * PL011), con-base, con-divider, con-clock-reg, con-gate-nr, con-gate-inverted, con-regdist-1.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

/* Finds and prepares the outputs; only the first call does something. printk calls it. */
void console_setup(void);

/* One character, `\n` as carriage return and line feed. Waits for the UART to take it. */
void console_put(char c);

#endif
