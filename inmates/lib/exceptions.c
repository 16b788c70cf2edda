/* SPDX-License-Identifier: MIT */
/* An exception that is not an interrupt is a bug in the inmate: say where, show the cell as failed, stop. */
#include "comm.h"
#include "cpu.h"
#include "printk.h"

#define EXCEPTION_CLASS(esr) ((esr) >> 26 & 0x3f)

/* Arm ARM DDI 0487 D17.2.37, those that can reach EL1 of a cell */
static const char *class_name(uint64_t esr) {
  switch (EXCEPTION_CLASS(esr)) {
    case 0x00:
      return "undefined instruction";
    case 0x07:
      return "floating point while it is off";
    case 0x0e:
      return "illegal execution state";
    case 0x15:
      return "SVC";
    case 0x18:
      return "trapped system register";
    case 0x20:
    case 0x21:
      return "instruction abort";
    case 0x22:
      return "PC alignment";
    case 0x24:
    case 0x25:
      return "data abort";
    case 0x26:
      return "SP alignment";
    case 0x2f:
      return "SError";
    case 0x3c:
      return "BRK";
    default:
      return "see the exception class in bits 31 to 26 of esr";
  }
}

/* Called by start.S with the number of the vector and x0 to x30. */
void exception_report(unsigned int vector, const uint64_t *registers) {
  static const char *const kinds[] = {"synchronous", "IRQ", "FIQ", "SError"};
  uint64_t esr = read_sysreg(esr_el1);

  printk_break_lock();
  printk("Inmate exception: esr 0x%08lx far 0x%016lx elr 0x%016lx (%s, %s)\n", esr, read_sysreg(far_el1),
         read_sysreg(elr_el1), kinds[vector % 4], vector % 4 == 0 ? class_name(esr) : "not expected");
  for (unsigned int n = 0; n < 31; n++)
    printk("%sx%d 0x%016lx%s", n < 10 ? " " : "", n, registers[n], n % 3 == 2 || n == 30 ? "\n" : "  ");
  printk("CPU %u of the inmate has stopped\n", this_cpu()->index);
  comm_set_state(CELL_FAILED);
}
