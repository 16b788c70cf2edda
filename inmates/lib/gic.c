/* SPDX-License-Identifier: MIT */
/* Register numbers: Arm IHI 0069, chapter 12. */
#include "gic.h"

#include <stddef.h>

#include "comm.h"
#include "cpu.h"
#include "mmio.h"
#include "mmu.h"
#include "printk.h"
#include "timer.h"

#define GICD_SIZE_BYTES 0x10000
#define GICD_ISENABLER 0x0100

#define GICR_FRAME_SIZE_BYTES 0x20000
#define GICR_FRAME_SIZE_BYTES_V4 0x40000
#define GICR_TYPER 0x0008
#define GICR_TYPER_VIRTUAL_LPIS (1u << 1)
#define GICR_TYPER_LAST (1u << 4)
#define GICR_PIDR2 0xffe8
#define GICR_PIDR2_ARCHITECTURE(pidr2) ((pidr2) >> 4 & 0xf)
#define GICR_ISENABLER0 0x10100

#define FIRST_SPI_INTID 32u
#define FIRST_SPECIAL_INTID 1020u
#define PRIORITY_MASK_ALL 0xf0

/* By number, for assemblers that do not know the names */
#define ICC_PMR_EL1 S3_0_C4_C6_0
#define ICC_SGI1R_EL1 S3_0_C12_C11_5
#define ICC_IAR1_EL1 S3_0_C12_C12_0
#define ICC_EOIR1_EL1 S3_0_C12_C12_1
#define ICC_CTLR_EL1 S3_0_C12_C12_4
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7

static irq_handler handler;

static bool is_redistributor(uint64_t frame) {
  unsigned int architecture = GICR_PIDR2_ARCHITECTURE(mmio_read32(frame + GICR_PIDR2));
  return architecture == 3 || architecture == 4;
}

static uint64_t frame_affinity(uint64_t typer) {
  uint64_t fields = typer >> 32;
  return (fields & 0xff000000) << 8 | (fields & 0x00ffffff);
}

/* TYPER is read as 64 bits: the hypervisor of Jailhouse 0.10 answers nothing else completely. */
uint64_t gic_next_redistributor(uint64_t frame, uint64_t *mpidr) {
  uint64_t next = comm.gicr_base;
  if (frame != 0) {
    uint64_t typer = mmio_read64(frame + GICR_TYPER);
    if (typer & GICR_TYPER_LAST)
      return 0;
    next = frame + (typer & GICR_TYPER_VIRTUAL_LPIS ? GICR_FRAME_SIZE_BYTES_V4 : GICR_FRAME_SIZE_BYTES);
  }
  if (next == 0)
    return 0;
  map_range(next, GICR_FRAME_SIZE_BYTES, MAP_DEVICE);
  if (!is_redistributor(next))
    return 0;
  *mpidr = frame_affinity(mmio_read64(next + GICR_TYPER));
  return next;
}

static uint64_t find_own_redistributor(void) {
  uint64_t mpidr = 0;
  uint64_t frame = gic_next_redistributor(0, &mpidr);
  while (frame != 0 && mpidr != cpu_mpidr())
    frame = gic_next_redistributor(frame, &mpidr);
  return frame;
}

bool gic_setup_cpu(void) {
  this_cpu()->gicr_base = find_own_redistributor();
  if (this_cpu()->gicr_base == 0) {
    printk("No GIC redistributor for CPU 0x%lx from 0x%lx on\n", cpu_mpidr(), comm.gicr_base);
    return false;
  }
  write_sysreg(ICC_CTLR_EL1, 0);
  write_sysreg(ICC_PMR_EL1, PRIORITY_MASK_ALL);
  write_sysreg(ICC_IGRPEN1_EL1, 1);
  asm volatile("isb" ::: "memory");
  return true;
}

bool gic_setup(irq_handler new_handler) {
  if (comm.gic_version != 3) {
    printk("The cell has a GIC of version %u, this library knows version 3\n", comm.gic_version);
    return false;
  }
  handler = new_handler;
  map_range(comm.gicd_base, GICD_SIZE_BYTES, MAP_DEVICE);
  return gic_setup_cpu();
}

void gic_enable(unsigned int intid) {
  uint32_t bit = 1u << (intid % 32);
  if (intid < FIRST_SPI_INTID)
    mmio_write32(this_cpu()->gicr_base + GICR_ISENABLER0, bit);
  else
    mmio_write32(comm.gicd_base + GICD_ISENABLER + 4 * (intid / 32), bit);
}

void gic_send_sgi(unsigned int intid, uint64_t mpidr) {
  uint64_t aff3 = mpidr >> 32 & 0xff, aff2 = mpidr >> 16 & 0xff, aff1 = mpidr >> 8 & 0xff, aff0 = mpidr & 0xff;
  /* Sixteen CPUs share a target list; the range selector says which sixteen of Aff0. */
  uint64_t target = 1ull << (aff0 % 16), range = aff0 / 16;
  /* What was stored for the other CPU to find must be there before the interrupt is. */
  asm volatile("dsb ishst" ::: "memory");
  write_sysreg(ICC_SGI1R_EL1, aff3 << 48 | range << 44 | aff2 << 32 | (uint64_t)intid << 24 | aff1 << 16 | target);
  asm volatile("isb" ::: "memory");
}

/* Called by start.S. */
void irq_dispatch(void) {
  for (;;) {
    unsigned int intid = (unsigned int)read_sysreg(ICC_IAR1_EL1);
    asm volatile("dsb sy" ::: "memory");
    if (intid >= FIRST_SPECIAL_INTID)
      return;
    /*
     * The timer's line is a level: unless it goes down before the end of interrupt, the interrupt comes again at once.
     */
    if (intid == TIMER_INTID)
      timer_stop();
    if (handler != NULL)
      handler(intid);
    write_sysreg(ICC_EOIR1_EL1, intid);
    asm volatile("isb" ::: "memory");
  }
}
