/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for a hypervisor, just enough to run the inmates on QEMU's virt machine with their own addresses: stage 2 puts
 * the cell's RAM at 0 and the communication page at 0x80000000, PSCI and the console hypercall are answered, an ivshmem
 * device interrupts its own cell. A CPU that sleeps with everything masked ("shim: asleep for good, cell state 4") and any
 * other trap turn the machine off.
 *
 * The test loads the inmate to RAM_PA, a communication page to COMM_PA and a configuration space to PCI_CFG_PA.
 */
#include <stdbool.h>
#include <stdint.h>

#define RAM_PA 0x40200000ull
#define RAM_SIZE 0x10000ull
#define COMM_PA 0x40300000ull
#define PCI_CFG_PA 0x40301000ull
#define SHARED_PA 0x40310000ull

#define COMM_IPA 0x80000000ull
#define SHARED_IPA 0x88000000ull
#define SHARED_SIZE 0x10000ull
#define ECAM_IPA 0x70000000ull
#define ECAM_SIZE 0x100000ull
#define GICD 0x08000000ull
#define GICR 0x080a0000ull
#define GICR_FRAME 0x20000ull
#define UART 0x09000000ull
/* A UART of any kind: reads as all ones, shows what is written; only the wires of a PL011 are those of the machine. */
#define ANY_UART_IPA 0x60000000ull
#define DEVICE_INTID 108u
/* An inmate that answers each interrupt with a doorbell would never rest. */
#define MAX_DOORBELLS 3

#define PAGE 4096ull
#define BLOCK (1ull << 21)
#define TABLE_ENTRIES 512

#define S2_VALID_TABLE 3ull
#define S2_PAGE 3ull
#define S2_BLOCK 1ull
#define S2_NORMAL (0xfull << 2)
#define S2_DEVICE (1ull << 2)
#define S2_READ_WRITE (3ull << 6)
#define S2_INNER_SHAREABLE (3ull << 8)
#define S2_ACCESSED (1ull << 10)

#define read_sysreg(name) ({ uint64_t v_; asm volatile("mrs %0, " #name : "=r"(v_)); v_; })
#define write_sysreg(name, value) asm volatile("msr " #name ", %0" ::"r"((uint64_t)(value)) : "memory")
#define reg32(address) (*(volatile uint32_t *)(address))

static uint64_t root[TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t gib0[TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t gib2[TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t ram_pages[TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t comm_pages[TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t shared_pages[TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t entries[4], contexts[4];
static bool started[4];
static unsigned int doorbells;

extern char secondary_start[];

static void put(char c) {
  reg32(UART) = (uint8_t)c;
}

static void put_text(const char *text) {
  while (*text != '\0')
    put(*text++);
}

static void put_digits(uint64_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    put("0123456789abcdef"[value >> shift & 15]);
}

static void put_hex(const char *name, uint64_t value) {
  put_text(name);
  put_digits(value, 16);
}

static int64_t smc(uint64_t function, uint64_t a, uint64_t b, uint64_t c) {
  register uint64_t x0 asm("x0") = function, x1 asm("x1") = a, x2 asm("x2") = b, x3 asm("x3") = c;
  asm volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
  return (int64_t)x0;
}

static void stop(const char *why) {
  put_text("shim: ");
  put_text(why);
  put_hex(" esr ", read_sysreg(esr_el2));
  put_hex(" ipa ", (read_sysreg(hpfar_el2) << 8) | (read_sysreg(far_el2) & (PAGE - 1)));
  put_hex(" pc ", read_sysreg(elr_el2));
  put_text("\r\n");
  smc(0x84000008, 0, 0, 0);
  for (;;)
    asm volatile("wfi");
}

void trap_unexpected(void) {
  stop("unexpected exception");
}

static void map_pages(uint64_t *table, uint64_t ipa, uint64_t pa, uint64_t size) {
  for (uint64_t at = 0; at < size; at += PAGE)
    table[(ipa + at) / PAGE % TABLE_ENTRIES] =
        (pa + at) | S2_ACCESSED | S2_INNER_SHAREABLE | S2_READ_WRITE | S2_NORMAL | S2_PAGE;
}

static void build_stage_2(void) {
  root[0] = (uint64_t)gib0 | S2_VALID_TABLE;
  root[2] = (uint64_t)gib2 | S2_VALID_TABLE;
  gib0[0] = (uint64_t)ram_pages | S2_VALID_TABLE;
  gib0[GICD / BLOCK] = GICD | S2_ACCESSED | S2_READ_WRITE | S2_DEVICE | S2_BLOCK;
  gib0[UART / BLOCK] = UART | S2_ACCESSED | S2_READ_WRITE | S2_DEVICE | S2_BLOCK;
  gib2[COMM_IPA / BLOCK % TABLE_ENTRIES] = (uint64_t)comm_pages | S2_VALID_TABLE;
  gib2[SHARED_IPA / BLOCK % TABLE_ENTRIES] = (uint64_t)shared_pages | S2_VALID_TABLE;
  map_pages(ram_pages, 0, RAM_PA, RAM_SIZE);
  map_pages(comm_pages, COMM_IPA, COMM_PA, PAGE);
  map_pages(shared_pages, SHARED_IPA, SHARED_PA, SHARED_SIZE);
}

/* What Linux has done to the GIC before a cell starts: everything in group 1, forwarding on, redistributor awake. */
static void setup_gic(unsigned int cpu) {
  uint64_t frame = GICR + cpu * GICR_FRAME;
  if (cpu == 0) {
    reg32(GICD) = 1u << 4 | 1u << 1;
    for (unsigned int n = 1; n < 9; n++)
      reg32(GICD + 0x80 + 4 * n) = 0xffffffff;
  }
  reg32(frame + 0x14) = 0;
  while (reg32(frame + 0x14) & 4)
    continue;
  reg32(frame + 0x10080) = 0xffffffff;
  write_sysreg(S3_4_C12_C9_5, 0xf);
  asm volatile("isb");
  write_sysreg(S3_0_C12_C12_5, 1);
}

/* Returns the context for the cell's entry. */
uint64_t setup_cpu(uint64_t number) {
  if (number == 0) {
    build_stage_2();
    started[0] = true;
  }
  setup_gic((unsigned int)number);
  write_sysreg(vttbr_el2, root);
  /* 39 bits, start at level 1, write-back inner shareable walks, 4 KiB, 40-bit output */
  write_sysreg(vtcr_el2, 1ull << 31 | 2ull << 16 | 3ull << 12 | 1ull << 10 | 1ull << 8 | 1ull << 6 | 25);
  /* AArch64 EL1, SMC and WFI trap, stage 2 */
  write_sysreg(hcr_el2, 1ull << 31 | 1ull << 19 | 1ull << 13 | 1);
  write_sysreg(cnthctl_el2, 3);
  write_sysreg(cntvoff_el2, 0);
  write_sysreg(cptr_el2, 0x33ff);
  write_sysreg(vmpidr_el2, read_sysreg(mpidr_el1));
  write_sysreg(vpidr_el2, read_sysreg(midr_el1));
  write_sysreg(sctlr_el1, 0x30d00800);
  write_sysreg(cpacr_el1, 0);
  write_sysreg(spsr_el2, 0x3c5);
  write_sysreg(elr_el2, entries[number]);
  asm volatile("isb\n\ttlbi alle1\n\tdsb sy\n\tisb");
  return contexts[number];
}

static int64_t psci(const uint64_t *x) {
  uint64_t cpu = x[1] & 0xff;
  bool known = (x[1] & ~3ull) == 0;
  switch (x[0]) {
    case 0xc4000003:
      if (!known)
        return -3;
      if (started[cpu])
        return -4;
      entries[cpu] = x[2];
      contexts[cpu] = x[3];
      started[cpu] = true;
      return smc(0xc4000003, x[1], (uint64_t)secondary_start, cpu);
    case 0xc4000004:
      return known ? !started[cpu] : -3;
    default:
      stop("SMC");
      return 0;
  }
}

static uint64_t ecam_access(uint64_t offset, bool write, uint64_t value, unsigned int size) {
  if (offset >= 0x80) {
    if (write)
      stop("write to a PCI function that is not there");
    return ~0ull;
  }
  volatile uint8_t *byte = (volatile uint8_t *)(PCI_CFG_PA + offset);
  uint64_t result = 0;
  for (unsigned int n = 0; n < size; n++) {
    if (write)
      byte[n] = (uint8_t)(value >> (8 * n));
    result |= (uint64_t)byte[n] << (8 * n);
  }
  return result;
}

/* v1 has DOORBELL at 12 and IVPOSITION at 8; v2 has ID at 0, MAX_PEERS at 4, DOORBELL at 12, STATE at 16. */
static uint64_t register_access(uint64_t offset, bool write, uint64_t value) {
  bool v2 = reg32(PCI_CFG_PA) == 0x4106110a;
  if (write && offset == 12) {
    if (++doorbells <= MAX_DOORBELLS)
      reg32(GICD + 0x200 + 4 * (DEVICE_INTID / 32)) = 1u << (DEVICE_INTID % 32);
    return 0;
  }
  if (write && offset == 16 && v2) {
    reg32(SHARED_PA + 4) = (uint32_t)value;
    return 0;
  }
  if (write && offset == (v2 ? 8 : 0))
    return 0;
  if (!write && v2 && (offset == 0 || offset == 4))
    return offset == 0 ? 1 : 3;
  if (!write && !v2 && offset == 8)
    return 1;
  stop("ivshmem register");
  return 0;
}

/* [width in bytes, register, value] */
static uint64_t any_uart_access(uint64_t offset, bool write, uint64_t value, unsigned int size) {
  if (write) {
    put('[');
    put_digits(size, 1);
    put(' ');
    put_digits(offset, 2);
    put(' ');
    put_digits(value, 2);
    put(']');
  }
  return ~0ull;
}

static void data_abort(uint64_t *x) {
  uint64_t esr = read_sysreg(esr_el2);
  uint64_t ipa = (read_sysreg(hpfar_el2) << 8) | (read_sysreg(far_el2) & (PAGE - 1));
  bool valid = esr >> 24 & 1, write = esr >> 6 & 1;
  unsigned int size = 1u << (esr >> 22 & 3), target = esr >> 16 & 31;
  uint64_t registers = reg32(PCI_CFG_PA + 0x10) & ~15u;
  if (!valid)
    stop(write ? "data write without a syndrome" : "data read without a syndrome");
  uint64_t value = target == 31 ? 0 : x[target], result = 0;
  if (ipa - ECAM_IPA < ECAM_SIZE && reg32(PCI_CFG_PA) != 0)
    result = ecam_access(ipa - ECAM_IPA, write, value, size);
  else if (registers != 0 && ipa - registers < 0x100)
    result = register_access(ipa - registers, write, value);
  else if (ipa - ANY_UART_IPA < PAGE)
    result = any_uart_access(ipa - ANY_UART_IPA, write, value, size);
  else
    stop(write ? "data write" : "data read");
  if (!write && target != 31)
    x[target] = size == 8 ? result : result & ((1ull << (8 * size)) - 1);
  write_sysreg(elr_el2, read_sysreg(elr_el2) + 4);
}

static void wait_for_interrupt(void) {
  if ((read_sysreg(spsr_el2) & 0x3c0) == 0x3c0) {
    static char text[] = "asleep for good, cell state ?";
    text[sizeof(text) - 2] = (char)('0' + reg32(COMM_PA + 8) % 10);
    stop(text);
  }
  asm volatile("wfi");
  write_sysreg(elr_el2, read_sysreg(elr_el2) + 4);
}

void handle_trap(uint64_t *x) {
  uint64_t esr = read_sysreg(esr_el2);
  switch (esr >> 26) {
    case 0x01:
      wait_for_interrupt();
      break;
    case 0x16:
      if ((esr & 0xffff) != 0x4a48 || x[0] != 8)
        stop("HVC");
      put((char)x[1]);
      x[0] = 0;
      break;
    case 0x17:
      x[0] = (uint64_t)psci(x);
      write_sysreg(elr_el2, read_sysreg(elr_el2) + 4);
      break;
    case 0x20:
      stop("instruction abort");
      break;
    case 0x24:
      data_abort(x);
      break;
    default:
      stop("trap");
  }
}
