/* SPDX-License-Identifier: MIT */
#include "cmdline.h"

#include "cpu-offsets.h"
#include "text.h"

#define VALUE_SIZE_BYTES 32

extern const char cmdline[CMDLINE_SIZE_BYTES];

/* The text may fill the buffer to its last byte, without a NUL. */
static char character(size_t at) {
  return at < CMDLINE_SIZE_BYTES ? cmdline[at] : '\0';
}

static bool ends_word(char c) {
  return c == '\0' || c == ' ';
}

static bool copy_value(size_t at, char *value, size_t size_bytes) {
  size_t length = 0;
  if (character(at) == '=')
    for (at++; !ends_word(character(at)) && length + 1 < size_bytes; at++)
      value[length++] = character(at);
  value[length] = '\0';
  return true;
}

bool cmdline_string(const char *name, char *value, size_t size_bytes) {
  size_t at = 0;
  while (character(at) != '\0') {
    while (character(at) == ' ')
      at++;
    size_t matched = 0;
    while (name[matched] != '\0' && character(at + matched) == name[matched])
      matched++;
    char next = character(at + matched);
    if (name[matched] == '\0' && (next == '=' || ends_word(next)))
      return copy_value(at + matched, value, size_bytes);
    while (!ends_word(character(at)))
      at++;
  }
  return false;
}

static int digit_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = text_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

int64_t cmdline_int(const char *name, int64_t fallback) {
  char value[VALUE_SIZE_BYTES];
  if (!cmdline_string(name, value, sizeof(value)))
    return fallback;

  const char *digits = value;
  bool negative = *digits == '-';
  if (*digits == '-' || *digits == '+')
    digits++;
  int base = 10;
  if (digits[0] == '0' && text_lower(digits[1]) == 'x') {
    base = 16;
    digits += 2;
  }
  if (*digits == '\0')
    return fallback;
  uint64_t result = 0;
  for (; *digits != '\0'; digits++) {
    if (digit_value(*digits) >= base)
      return fallback;
    result = result * (uint64_t)base + (uint64_t)digit_value(*digits);
  }
  return (int64_t)(negative ? -result : result);
}

bool cmdline_bool(const char *name, bool fallback) {
  char value[VALUE_SIZE_BYTES];
  if (!cmdline_string(name, value, sizeof(value)))
    return fallback;
  if (value[0] == '\0' || text_equal_ignoring_case(value, "1") || text_equal_ignoring_case(value, "true"))
    return true;
  if (text_equal_ignoring_case(value, "0") || text_equal_ignoring_case(value, "false"))
    return false;
  return fallback;
}
