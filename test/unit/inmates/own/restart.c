/* SPDX-License-Identifier: MIT */
/* Begins again from its entry once, as a cell does that is started a second time without being loaded. */
#include "inmate.h"

/* Outside of what start.S prepares, like any memory of the cell */
#define RUNS_ADDRESS 0xf000ull

static unsigned int initialized = 7;
static unsigned int zeroed;

void inmate_main(void) {
  printk("variables %u %u\n", initialized++, zeroed++);
  if (mmio_read32(RUNS_ADDRESS) != 0) {
    printk("second run\n");
    return;
  }
  mmio_write32(RUNS_ADDRESS, 1);
  irq_mask();
  /* MMU and caches off, and back to offset 0 */
  write_sysreg(sctlr_el1, 0x30d00800);
  asm volatile("isb\n\tbr %0" ::"r"(0ul));
}
