/* SPDX-License-Identifier: MIT */
/* Memory: one identity map in blocks of 2 MiB, and a heap of pages that are never freed. */
#ifndef MMU_H
#define MMU_H

#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE_BYTES 4096ul

enum map_kind {
  /* write-back, executable */
  MAP_CACHED = 0,
  /* nGnRnE, never executed; also for memory shared with Linux, whose UIO maps it uncached */
  MAP_DEVICE = 1,
};

/*
 * Makes [address, address + size) reachable at its own address. Rounds outwards to 2 MiB. Where a range of the other
 * kind already has a block, device wins; the blocks of the inmate's own RAM stay cached. Takes a page of the heap for
 * the first range in a GiB. Addresses reach to 512 GiB. Stops the inmate with a message if it cannot.
 */
void map_range(uint64_t address, uint64_t size_bytes, enum map_kind kind);

/* size_bytes from the heap behind the stack, 16-byte aligned, not cleared. NULL when the cell's RAM is used up. */
void *heap_alloc(size_t size_bytes);

#endif
