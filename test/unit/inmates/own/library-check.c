/* SPDX-License-Identifier: MIT */
/* Shows what printk and the command line make of their input; library.test.ts knows what should come out. */
#include "inmate.h"

static unsigned int initialized = 7;
static unsigned int zeroed;

void inmate_main(void) {
  char text[8];
  printk("variables %u %u\n", initialized, zeroed);
  printk("widths [%6ld] [%04x] [%3u] [%08lx] [%5s] [%05d]\n", 42l, 0x1f, 12345, 0xabcdul, "ab", -42);
  /* By way of a variable, because the compiler would refuse it */
  const char *volatile unknown = "unknown [%y] [%-3d] [%";
  printk(unknown);
  printk("]\n");
  printk("values %d %u %llu %x %c %s %% %p\n", -1, 4294967295u, 18446744073709551615ull, 0xbeef, 'c', "text",
         (void *)0xbfd00000);
  printk("limits %ld %d\n", INT64_MIN, INT32_MIN);
  printk("int %ld hex %ld minus %ld bad %ld octal %ld missing %ld\n", cmdline_int("int", -7), cmdline_int("hex", -7),
         cmdline_int("minus", -7), cmdline_int("bad", -7), cmdline_int("octal", -7), cmdline_int("missing", -7));
  printk("bool %d %d %d %d %d\n", cmdline_bool("bare", false), cmdline_bool("yes", false), cmdline_bool("no", true),
         cmdline_bool("bad", true), cmdline_bool("missing", true));
  printk("string %d <%s>", cmdline_string("name", text, sizeof(text)), text);
  printk(" %d\n", cmdline_string("nam", text, sizeof(text)));
  printk("tick %ld %ld %ld\n", timer_ticks_to_ns(0), timer_ticks_to_ns(1), timer_ticks_to_ns(62));
  initialized++;
  zeroed++;
  printk("undefined instruction follows\n");
  asm volatile("mov x7, #0x777\n\tudf #0" ::: "x7");
}
