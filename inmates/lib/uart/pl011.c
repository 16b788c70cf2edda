/* SPDX-License-Identifier: MIT */
/* Arm PrimeCell UART, DDI 0183 chapter 3. */
#include "../comm.h"
#include "../mmio.h"
#include "uart.h"

#define UARTDR 0x00
#define UARTFR 0x18
#define UARTFR_BUSY (1u << 3)
#define UARTFR_TXFF (1u << 5)
#define UARTIBRD 0x24
#define UARTLCR_H 0x2c
#define UARTLCR_H_8_BITS (3u << 5)
#define UARTCR 0x30
#define UARTCR_ENABLE (1u << 0)
#define UARTCR_TRANSMIT (1u << 8)
#define UARTCR_FLOW_CONTROL (3u << 12)

static bool is_ready(const struct uart *uart) {
  return (mmio_read32(uart->base + UARTFR) & (UARTFR_TXFF | UARTFR_BUSY)) == 0;
}

static void init(const struct uart *uart) {
  mmio_write32(uart->base + UARTCR, 0);
  while (mmio_read32(uart->base + UARTFR) & UARTFR_BUSY)
    continue;
  mmio_write32(uart->base + UARTIBRD, uart->divider);
  mmio_write32(uart->base + UARTLCR_H, UARTLCR_H_8_BITS);
  mmio_write32(uart->base + UARTCR, UARTCR_ENABLE | UARTCR_TRANSMIT | UARTCR_FLOW_CONTROL);
}

static void put(const struct uart *uart, char c) {
  mmio_write32(uart->base + UARTDR, (uint8_t)c);
}

const struct uart_driver uart_pl011 = {"PL011", CONSOLE_PL011, init, is_ready, put};
