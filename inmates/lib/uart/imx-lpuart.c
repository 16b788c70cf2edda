/* SPDX-License-Identifier: MIT */
/* The UART of i.MX 8QuadMax and 8QuadXPlus. Registers: their reference manuals, chapter LPUART. */
#include <stddef.h>

#include "../comm.h"
#include "../mmio.h"
#include "uart.h"

#define STAT 0x14
#define STAT_TDRE (1u << 23)
#define DATA 0x1c

static bool is_ready(const struct uart *uart) {
  return (mmio_read32(uart->base + STAT) & STAT_TDRE) != 0;
}

static void put(const struct uart *uart, char c) {
  mmio_write32(uart->base + DATA, (uint8_t)c);
}

const struct uart_driver uart_imx_lpuart = {"IMX-LPUART", CONSOLE_IMX_LPUART, NULL, is_ready, put};
