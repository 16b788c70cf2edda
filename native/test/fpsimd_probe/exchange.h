#pragma once

/* What the probe and the program under qemu-aarch64 tell each other, little-endian both. C, for either compiler. */

#include <stdint.h>

enum {
  PROBE_SLOTS = 0x08000000, /* slot i holds the instruction under test at PROBE_SLOTS + 8 * i, and a way out behind it */
  PROBE_DATA = 0x08010000,  /* one page that loads and stores may reach; nothing is mapped around it */
  PROBE_PAGE = 4096,
  PROBE_BATCH = PROBE_PAGE / 8
};

/* How an instruction ended. */
enum { PROBE_DONE = 0, PROBE_UNDEFINED = 4, PROBE_FAULT = 11 };

/* Registers before and after. The assembly in guest_run.S knows the offsets. */
struct probe_state {
  uint64_t x[32]; /* x[31] is SP, x[30] the slot's address */
  uint64_t v[32][2];
  uint64_t nzcv, fpcr, fpsr;
  uint64_t outcome;
  uint64_t memory; /* before: whether the instruction touches memory; after: checksum of the page */
};

struct probe_case {
  uint32_t insn, group;
  struct probe_state state;
};

/* The page's contents before every memory instruction. */
static inline void probe_fill(uint64_t* page) {
  uint64_t seed = 0x9e3779b97f4a7c15u;
  for (unsigned i = 0; i < PROBE_PAGE / 8; ++i) {
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    page[i] = seed;
  }
}

static inline uint64_t probe_checksum(const uint64_t* page) {
  uint64_t sum = 0xcbf29ce484222325u;
  for (unsigned i = 0; i < PROBE_PAGE / 8; ++i) sum = (sum ^ page[i]) * 0x100000001b3u ^ sum >> 29;
  return sum;
}
