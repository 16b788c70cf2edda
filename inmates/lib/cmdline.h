/* SPDX-License-Identifier: MIT */
/*
 * The inmate's command line: `jailhouse cell load ID x.bin -s "name=value flag" -a 0x1000`. Blanks separate the words.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies the value of `name=value` (empty for a bare `name`), cut to size_bytes - 1. false without such a word. */
bool cmdline_string(const char *name, char *value, size_t size_bytes);

/* Decimal with an optional sign, or 0x and hex digits. Missing, empty or with any other character: fallback. */
int64_t cmdline_int(const char *name, int64_t fallback);

/* A bare name, 1 and true are true, 0 and false are false, in any case. Missing or anything else: fallback. */
bool cmdline_bool(const char *name, bool fallback);

#endif
