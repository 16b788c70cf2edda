/* SPDX-License-Identifier: MIT */
#include "printk.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "console.h"
#include "cpu.h"

/* 64 bits in decimal, and a sign */
#define DIGITS_MAX 21

struct conversion {
  bool zero_fill;
  unsigned int width;
  bool is_long;
  char type;
};

static bool console_taken;

static void put_filled(const char *text, unsigned int length, const struct conversion *how) {
  bool sign_first = how->zero_fill && length > 0 && text[0] == '-';
  if (sign_first) {
    console_put('-');
    text++;
  }
  for (unsigned int n = length; n < how->width; n++)
    console_put(how->zero_fill ? '0' : ' ');
  for (unsigned int n = sign_first ? 1 : 0; n < length; n++)
    console_put(*text++);
}

static void put_number(uint64_t magnitude, bool negative, unsigned int base, const struct conversion *how) {
  char text[DIGITS_MAX];
  unsigned int at = sizeof(text);
  do {
    text[--at] = "0123456789abcdef"[magnitude % base];
    magnitude /= base;
  } while (magnitude != 0);
  if (negative)
    text[--at] = '-';
  put_filled(&text[at], sizeof(text) - at, how);
}

static void put_signed(int64_t value, const struct conversion *how) {
  put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, 10, how);
}

static void put_string(const char *text, const struct conversion *how) {
  unsigned int length = 0;
  while (text[length] != '\0')
    length++;
  put_filled(text, length, how);
}

static const char *parse_conversion(const char *format, struct conversion *how) {
  *how = (struct conversion){0};
  if (*format == '0') {
    how->zero_fill = true;
    format++;
  }
  for (; *format >= '0' && *format <= '9'; format++)
    how->width = how->width * 10 + (unsigned int)(*format - '0');
  for (; *format == 'l'; format++)
    how->is_long = true;
  how->type = *format;
  return format;
}

static void print(const char *format, va_list arguments) {
  for (; *format != '\0'; format++) {
    if (*format != '%') {
      console_put(*format);
      continue;
    }
    struct conversion how;
    const char *start = format;
    format = parse_conversion(format + 1, &how);
    switch (how.type) {
      case 'c':
        console_put((char)va_arg(arguments, int));
        break;
      case 'd':
        put_signed(how.is_long ? va_arg(arguments, int64_t) : va_arg(arguments, int), &how);
        break;
      case 'u':
      case 'x':
        put_number(how.is_long ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned int), false,
                   how.type == 'x' ? 16 : 10, &how);
        break;
      case 'p':
        console_put('0');
        console_put('x');
        how = (struct conversion){.zero_fill = true, .width = 16};
        put_number(va_arg(arguments, uint64_t), false, 16, &how);
        break;
      case 's':
        put_string(va_arg(arguments, const char *), &how);
        break;
      case '%':
        console_put('%');
        break;
      default:
        while (start < format)
          console_put(*start++);
        if (how.type == '\0')
          return;
        console_put(how.type);
        break;
    }
  }
}

void printk(const char *format, ...) {
  uint64_t interrupts = irq_save();
  while (__atomic_exchange_n(&console_taken, true, __ATOMIC_ACQUIRE))
    continue;
  console_setup();

  va_list arguments;
  va_start(arguments, format);
  print(format, arguments);
  va_end(arguments);

  __atomic_store_n(&console_taken, false, __ATOMIC_RELEASE);
  irq_restore(interrupts);
}

void printk_break_lock(void) {
  __atomic_store_n(&console_taken, false, __ATOMIC_RELEASE);
}
