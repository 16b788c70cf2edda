/* SPDX-License-Identifier: MIT */
#include "text.h"

char text_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal(const char *a, const char *b) {
  while (*a != '\0' && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

bool text_equal_ignoring_case(const char *a, const char *b) {
  while (*a != '\0' && text_lower(*a) == text_lower(*b)) {
    a++;
    b++;
  }
  return text_lower(*a) == text_lower(*b);
}

void *memset(void *memory, int value, size_t size_bytes) {
  for (size_t n = 0; n < size_bytes; n++)
    ((unsigned char *)memory)[n] = (unsigned char)value;
  return memory;
}

void *memcpy(void *to, const void *from, size_t size_bytes) {
  for (size_t n = 0; n < size_bytes; n++)
    ((unsigned char *)to)[n] = ((const unsigned char *)from)[n];
  return to;
}
