/* SPDX-License-Identifier: MIT */
/* Comparing strings, and the memory functions that the compiler may call on its own. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

char text_lower(char c);
bool text_equal(const char *a, const char *b);
bool text_equal_ignoring_case(const char *a, const char *b);

void *memset(void *memory, int value, size_t size_bytes);
void *memcpy(void *to, const void *from, size_t size_bytes);

#endif
