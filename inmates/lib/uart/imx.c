/* SPDX-License-Identifier: MIT */
/* The UART of i.MX 8M. Registers: i.MX 8M Mini reference manual, chapter UART. */
#include <stddef.h>

#include "../comm.h"
#include "../mmio.h"
#include "uart.h"

#define UTXD 0x40
#define UCR1 0x80
#define UCR1_UARTEN (1u << 0)
#define UTS 0xb4
#define UTS_TXEMPTY (1u << 6)

static bool is_ready(const struct uart *uart) {
  return (mmio_read32(uart->base + UTS) & UTS_TXEMPTY) != 0;
}

static void put(const struct uart *uart, char c) {
  /* Linux may have switched its UART off; then there is nobody to wait for. */
  if (mmio_read32(uart->base + UCR1) & UCR1_UARTEN)
    mmio_write32(uart->base + UTXD, (uint8_t)c);
}

const struct uart_driver uart_imx = {"IMX", CONSOLE_IMX, NULL, is_ready, put};
