/* SPDX-License-Identifier: MIT */
/* What console.c needs of a UART: one driver a file, transmit only, polled. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stdint.h>

struct uart {
  uint64_t base;
  uint32_t divider;
  /* registers 4 bytes apart and 32 bits wide; otherwise adjacent bytes */
  bool register_distance_4;
};

struct uart_driver {
  /* as in con-type= */
  const char *name;
  /* enum console_type */
  unsigned int type;
  /* only called with a divider; NULL: the UART is always set up by someone else */
  void (*init)(const struct uart *uart);
  bool (*is_ready)(const struct uart *uart);
  void (*put)(const struct uart *uart, char c);
};

extern const struct uart_driver uart_8250, uart_imx, uart_imx_lpuart, uart_pl011;

#endif
