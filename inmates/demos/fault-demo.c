/* SPDX-License-Identifier: MIT */
/*
 * Does on purpose what a cell may not, so that the hypervisor parks it: kind=write (default), read or exec at
 * address=0x12345678, kind=hvc (a foreign hypercall), kind=undefined-smc (a firmware service that no cell has).
 */
#include "inmate.h"
#include "text.h"

#define DEFAULT_ADDRESS 0x12345678
/* A function of owner 0x15, an OEM's: PSCI and the architecture's calls are owners 4 and 0. */
#define FOREIGN_SMC 0x95c1ba60ull

static void write(uint64_t address) {
  printk("Writing to 0x%lx, which is not this cell's\n", address);
  map_range(address, sizeof(uint32_t), MAP_CACHED);
  mmio_write32(address, 0xdeadbeef);
}

static void read(uint64_t address) {
  printk("Reading from 0x%lx, which is not this cell's\n", address);
  map_range(address, sizeof(uint32_t), MAP_CACHED);
  printk("It answered 0x%x\n", mmio_read32(address));
}

static void execute(uint64_t address) {
  printk("Jumping to 0x%lx, which is not this cell's\n", address);
  map_range(address, sizeof(uint32_t), MAP_CACHED);
  ((void (*)(void))address)();
}

static void call_hypervisor(uint64_t address) {
  (void)address;
  printk("Calling the hypervisor by HVC #0, which is not Jailhouse's\n");
  asm volatile("hvc #0" ::: "x0", "x1", "x2", "x3", "memory");
}

static void call_firmware(uint64_t address) {
  (void)address;
  printk("Calling firmware function 0x%llx, which no cell has\n", FOREIGN_SMC);
  smc(FOREIGN_SMC, 0, 0, 0);
}

static const struct {
  const char *name;
  void (*commit)(uint64_t address);
} kinds[] = {
    {"write", write},
    {"read", read},
    {"exec", execute},
    {"hvc", call_hypervisor},
    {"undefined-smc", call_firmware},
};

void inmate_main(void) {
  char kind[16];
  if (!cmdline_string("kind", kind, sizeof(kind)))
    memcpy(kind, "write", sizeof("write"));
  uint64_t address = (uint64_t)cmdline_int("address", DEFAULT_ADDRESS);
  for (unsigned int n = 0; n < sizeof(kinds) / sizeof(kinds[0]); n++)
    if (text_equal(kinds[n].name, kind)) {
      kinds[n].commit(address);
      printk("Nobody stopped it\n");
      return;
    }
  printk("kind=%s is none of write, read, exec, hvc, undefined-smc\n", kind);
}
