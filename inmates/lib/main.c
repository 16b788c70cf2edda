/* SPDX-License-Identifier: MIT */
#include "comm.h"
#include "cpu.h"
#include "inmate.h"

/* Called by start.S on the first CPU, with the MMU on and interrupts masked. */
void inmate_boot(void) __attribute__((noreturn));

void inmate_boot(void) {
  if (comm_setup()) {
    asm volatile("msr daifclr, #0xf\n\tisb" ::: "memory");
    inmate_main();
  }
  park();
}
