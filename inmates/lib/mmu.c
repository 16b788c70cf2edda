/* SPDX-License-Identifier: MIT */
#include "mmu.h"

#include "comm.h"
#include "cpu.h"
#include "printk.h"

#define BLOCK_SHIFT 21
#define BLOCK_SIZE_BYTES (1ull << BLOCK_SHIFT)
#define GIB_SHIFT 30
#define TABLE_ENTRIES 512u
#define ADDRESS_BITS 39

/* Stage 1 descriptors, Arm ARM DDI 0487 D8.3 */
#define DESCRIPTOR_VALID 1ull
#define DESCRIPTOR_TABLE 3ull
#define DESCRIPTOR_BLOCK 1ull
#define BLOCK_ATTRIBUTE_INDEX(n) ((uint64_t)(n) << 2)
#define BLOCK_INNER_SHAREABLE (3ull << 8)
#define BLOCK_ACCESSED (1ull << 10)
#define BLOCK_NEVER_EXECUTE (3ull << 53)
#define DESCRIPTOR_ADDRESS_MASK 0x0000fffffffff000ull

#define TCR_T0SZ(bits) (64ull - (bits))
#define TCR_WALKS_WRITE_BACK (1ull << 8 | 1ull << 10)
#define TCR_WALKS_INNER_SHAREABLE (3ull << 12)
#define TCR_NO_TTBR1 (1ull << 23)
#define TCR_IPS_SHIFT 32
#define MMFR0_PARANGE_MASK 0xfull

extern char image_start[], stack_top[], ram_end[];

struct mmu_registers {
  uint64_t ttbr;
  uint64_t tcr;
};

static uint64_t *root_table;
static char *heap_next;

void *heap_alloc(size_t size_bytes) {
  if (heap_next == NULL)
    heap_next = stack_top;
  size_bytes = (size_bytes + 15) & ~15ul;
  if (size_bytes > (size_t)(ram_end - heap_next))
    return NULL;
  void *memory = heap_next;
  heap_next += size_bytes;
  return memory;
}

static uint64_t *alloc_table(void) {
  uint64_t gap_bytes = -(uint64_t)(heap_next == NULL ? stack_top : heap_next) & (PAGE_SIZE_BYTES - 1);
  if (heap_alloc(gap_bytes) == NULL)
    return NULL;
  uint64_t *table = heap_alloc(PAGE_SIZE_BYTES);
  if (table == NULL)
    return NULL;
  for (unsigned int n = 0; n < TABLE_ENTRIES; n++)
    table[n] = 0;
  return table;
}

static void map_failed(uint64_t address, const char *why) __attribute__((noreturn));

static void map_failed(uint64_t address, const char *why) {
  printk("Cannot map 0x%lx: %s\n", address, why);
  comm_set_state(CELL_FAILED);
  park();
}

static uint64_t block_of(uint64_t address) {
  return address >> BLOCK_SHIFT;
}

static bool holds_own_ram(uint64_t block) {
  return block >= block_of((uint64_t)image_start) && block <= block_of((uint64_t)ram_end - 1);
}

static void flush_tlb(void) {
  asm volatile("dsb ishst\n\ttlbi vmalle1is\n\tdsb ish\n\tisb" ::: "memory");
}

static uint64_t *block_table_of(uint64_t block) {
  uint64_t *entry = &root_table[block >> (GIB_SHIFT - BLOCK_SHIFT)];
  if (!(*entry & DESCRIPTOR_VALID)) {
    uint64_t *table = alloc_table();
    if (table == NULL)
      map_failed(block << BLOCK_SHIFT, "no memory for a page table");
    /* The walker may look at the new table as soon as it is linked. */
    asm volatile("dsb ishst" ::: "memory");
    *entry = (uint64_t)table | DESCRIPTOR_TABLE;
  }
  return (uint64_t *)(*entry & DESCRIPTOR_ADDRESS_MASK);
}

static void map_block(uint64_t block, enum map_kind kind) {
  uint64_t *entry = &block_table_of(block)[block % TABLE_ENTRIES];
  uint64_t descriptor = block << BLOCK_SHIFT | BLOCK_ACCESSED | BLOCK_INNER_SHAREABLE | BLOCK_ATTRIBUTE_INDEX(kind) |
                        (kind == MAP_DEVICE ? BLOCK_NEVER_EXECUTE : 0) | DESCRIPTOR_BLOCK;
  if (*entry & DESCRIPTOR_VALID) {
    if (*entry == descriptor || kind == MAP_CACHED || holds_own_ram(block))
      return;
    /* The attributes of a live entry may only change by way of an invalid one. */
    *entry = 0;
    flush_tlb();
  }
  *entry = descriptor;
}

static void map_blocks(uint64_t address, uint64_t size_bytes, enum map_kind kind) {
  uint64_t last = address + size_bytes - 1;
  if (last < address || last >> ADDRESS_BITS != 0)
    map_failed(address, "beyond the 512 GiB that the page tables cover");
  for (uint64_t block = block_of(address); block <= block_of(last); block++)
    map_block(block, kind);
}

void map_range(uint64_t address, uint64_t size_bytes, enum map_kind kind) {
  if (size_bytes == 0)
    return;
  map_blocks(address, size_bytes, kind);
  asm volatile("dsb ishst\n\tisb" ::: "memory");
}

/*
 * Called by start.S with the MMU off. The hypervisor has invalidated the data caches for the cell's memory, so the
 * walker will read what is written here. Returns the registers' values in x0 and x1.
 */
struct mmu_registers mmu_build_tables(void) {
  root_table = alloc_table();
  if (root_table == NULL)
    park();
  map_blocks((uint64_t)image_start, (uint64_t)(ram_end - image_start), MAP_CACHED);
  map_blocks(COMM_REGION_ADDRESS, PAGE_SIZE_BYTES, MAP_CACHED);

  uint64_t tcr = TCR_T0SZ(ADDRESS_BITS) | TCR_WALKS_WRITE_BACK | TCR_WALKS_INNER_SHAREABLE | TCR_NO_TTBR1 |
                 (read_sysreg(id_aa64mmfr0_el1) & MMFR0_PARANGE_MASK) << TCR_IPS_SHIFT;
  asm volatile("dsb sy" ::: "memory");
  return (struct mmu_registers){(uint64_t)root_table, tcr};
}
