/* SPDX-License-Identifier: MIT */
/* The PC's UART and its many descendants. */
#include "../comm.h"
#include "../mmio.h"
#include "uart.h"

#define THR 0
#define DLL 0
#define DLM 1
#define LCR 3
#define LCR_8_BITS 0x03u
#define LCR_DIVISOR_ACCESS 0x80u
#define LSR 5
#define LSR_THR_EMPTY (1u << 5)

static uint32_t read(const struct uart *uart, unsigned int number) {
  return uart->register_distance_4 ? mmio_read32(uart->base + 4 * number) : mmio_read8(uart->base + number);
}

static void write(const struct uart *uart, unsigned int number, uint32_t value) {
  if (uart->register_distance_4)
    mmio_write32(uart->base + 4 * number, value);
  else
    mmio_write8(uart->base + number, (uint8_t)value);
}

static void init(const struct uart *uart) {
  write(uart, LCR, LCR_DIVISOR_ACCESS);
  write(uart, DLL, uart->divider & 0xff);
  write(uart, DLM, uart->divider >> 8 & 0xff);
  write(uart, LCR, LCR_8_BITS);
}

static bool is_ready(const struct uart *uart) {
  return (read(uart, LSR) & LSR_THR_EMPTY) != 0;
}

static void put(const struct uart *uart, char c) {
  write(uart, THR, (uint8_t)c);
}

const struct uart_driver uart_8250 = {"8250", CONSOLE_8250, init, is_ready, put};
