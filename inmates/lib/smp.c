/* SPDX-License-Identifier: MIT */
#include "smp.h"

#include <stddef.h>

#include "cpu-offsets.h"
#include "cpu.h"
#include "gic.h"
#include "mmu.h"
#include "printk.h"
#include "psci.h"

#define STACK_SIZE_BYTES 2048

_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "cpu-offsets.h");
_Static_assert(offsetof(struct cpu, in_exception) == CPU_IN_EXCEPTION, "cpu-offsets.h");
_Static_assert(offsetof(struct cpu, ttbr) == CPU_TTBR, "cpu-offsets.h");
_Static_assert(offsetof(struct cpu, tcr) == CPU_TCR, "cpu-offsets.h");

extern char secondary_start[];

/* start.S puts it into TPIDR_EL1 of the first CPU. */
struct cpu boot_cpu;

static struct cpu *cpus[SMP_MAX_CPUS] = {&boot_cpu};
static unsigned int cpu_count = 1;

/* Called by start.S on a CPU that smp_start has asked for. */
void smp_secondary_main(struct cpu *self) __attribute__((noreturn));

void smp_secondary_main(struct cpu *self) {
  bool usable = gic_setup_cpu();
  self->online = true;
  if (usable) {
    asm volatile("msr daifclr, #0xf\n\tisb" ::: "memory");
    self->entry(self->index);
  }
  irq_mask();
  smc(PSCI_CPU_OFF, 0, 0, 0);
  park();
}

/* The CPU reads its struct before its caches are on, so it has to be in memory. */
static void clean_to_memory(const struct cpu *cpu) {
  for (const char *at = (const char *)cpu; at < (const char *)(cpu + 1); at += sizeof(uint64_t))
    asm volatile("dc civac, %0" ::"r"(at) : "memory");
  asm volatile("dsb sy" ::: "memory");
}

static void start_cpu(uint64_t mpidr, void (*entry)(unsigned int)) {
  struct cpu *cpu = cpu_count < SMP_MAX_CPUS ? heap_alloc(sizeof(*cpu)) : NULL;
  char *stack = cpu != NULL ? heap_alloc(STACK_SIZE_BYTES) : NULL;
  if (stack == NULL) {
    printk("CPU 0x%lx stays off: no memory left for it\n", mpidr);
    return;
  }
  *cpu = (struct cpu){
      .stack_top = (uint64_t)stack + STACK_SIZE_BYTES,
      .ttbr = read_sysreg(ttbr0_el1),
      .tcr = read_sysreg(tcr_el1),
      .index = cpu_count,
      .mpidr = mpidr,
      .entry = entry,
  };
  clean_to_memory(cpu);
  int64_t result = psci_cpu_on(mpidr, (uint64_t)secondary_start, (uint64_t)cpu);
  if (result != 0) {
    printk("CPU 0x%lx stays off: PSCI CPU_ON returned %ld\n", mpidr, result);
    return;
  }
  while (!cpu->online)
    continue;
  cpus[cpu_count++] = cpu;
}

unsigned int smp_start(void (*entry)(unsigned int cpu_index)) {
  boot_cpu.mpidr = cpu_mpidr();
  /* Every cell sees the redistributors of all CPUs; PSCI tells which of those are its own. */
  uint64_t mpidr = 0;
  for (uint64_t frame = gic_next_redistributor(0, &mpidr); frame != 0; frame = gic_next_redistributor(frame, &mpidr))
    if (mpidr != boot_cpu.mpidr && psci_affinity_info(mpidr) == PSCI_AFFINITY_OFF)
      start_cpu(mpidr, entry);
  return cpu_count;
}

uint64_t smp_mpidr(unsigned int cpu_index) {
  return cpu_index < cpu_count ? cpus[cpu_index]->mpidr : cpu_mpidr();
}

unsigned int smp_index(void) {
  return this_cpu()->index;
}
