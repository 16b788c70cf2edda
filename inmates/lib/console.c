/* SPDX-License-Identifier: MIT */
#include "console.h"

#include <stdbool.h>
#include <stddef.h>

#include "cmdline.h"
#include "comm.h"
#include "hypercall.h"
#include "mmio.h"
#include "mmu.h"
#include "text.h"
#include "uart/uart.h"

/* How often a shared UART has to be seen idle in a row: then Linux is not in the midst of a line. */
#define IDLE_POLLS 100

static const struct uart_driver *const drivers[] = {&uart_8250, &uart_imx, &uart_imx_lpuart, &uart_pl011};

static bool setup_done;
static bool use_hypervisor;
static const struct uart_driver *driver;
static struct uart uart;

static const struct uart_driver *choose_driver(void) {
  char name[16];
  bool named = cmdline_string("con-type", name, sizeof(name));
  for (unsigned int n = 0; n < sizeof(drivers) / sizeof(drivers[0]); n++)
    if (named ? text_equal(drivers[n]->name, name) : drivers[n]->type == comm.console.type)
      return drivers[n];
  return NULL;
}

static void open_clock_gate(uint64_t clock_register) {
  uint32_t bit = 1u << (cmdline_int("con-gate-nr", comm.console.gate_nr) & 31);
  bool inverted = cmdline_bool("con-gate-inverted", (comm.console.flags & CONSOLE_INVERTED_GATE) != 0);
  map_range(clock_register, sizeof(uint32_t), MAP_DEVICE);
  uint32_t gates = mmio_read32(clock_register);
  mmio_write32(clock_register, inverted ? gates & ~bit : gates | bit);
}

static void wait_until_idle(void) {
  for (unsigned int idle = 0; idle < IDLE_POLLS;)
    idle = driver->is_ready(&uart) ? idle + 1 : 0;
}

static void setup_uart(void) {
  const struct uart_driver *chosen = choose_driver();
  uart.base = (uint64_t)cmdline_int("con-base", (int64_t)comm.console.address);
  if (chosen == NULL || uart.base == 0)
    return;
  uart.divider = (uint32_t)cmdline_int("con-divider", comm.console.divider);
  uart.register_distance_4 = !cmdline_bool("con-regdist-1", (comm.console.flags & CONSOLE_REGISTER_DISTANCE_4) == 0);

  uint64_t clock_register = (uint64_t)cmdline_int("con-clock-reg", (int64_t)comm.console.clock_reg);
  if (clock_register != 0)
    open_clock_gate(clock_register);
  map_range(uart.base, PAGE_SIZE_BYTES, MAP_DEVICE);
  driver = chosen;
  if (uart.divider == 0)
    wait_until_idle();
  else if (driver->init != NULL)
    driver->init(&uart);
}

void console_setup(void) {
  if (setup_done)
    return;
  setup_done = true;
  use_hypervisor = comm.virtual_console_permitted && cmdline_bool("con-virtual", comm.virtual_console_active);
  setup_uart();
}

static void put_raw(char c) {
  if (use_hypervisor)
    hypercall(HYPERCALL_DEBUG_CONSOLE_PUTC, (uint8_t)c, 0);
  if (driver != NULL) {
    while (!driver->is_ready(&uart))
      continue;
    driver->put(&uart, c);
  }
}

void console_put(char c) {
  if (c == '\n')
    put_raw('\r');
  put_raw(c);
}
