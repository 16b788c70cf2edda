/* SPDX-License-Identifier: MIT */
/*
 * The frame of a core benchmark. It runs at EL1 wherever it is loaded (4 KiB aligned), with PL011 at 0x09000000 and
 * GICv3 at 0x08000000: as a cell of the qemu-arm64 board (64 KiB of RAM at 0) and on the bare machine,
 *
 *     qemu-system-aarch64 -M virt,gic-version=3 -cpu cortex-a53 -display none -serial stdio \
 *       -kernel prebuilt/alu-bench.bin
 *
 * It turns on the MMU, as inmates do, and prints lines `NAME: COUNT UNIT in TICKS ticks of HZ Hz`, the last one
 * `NAME: done`. Then it turns the machine off where PSCI can, and sleeps where not.
 *
 * A benchmark is: benchmark_start "name"; measure_start; the loop; measure_end "unit", count; ... benchmark_end.
 * x0 to x18 are the loop's; x19 and up belong to the frame. The stack works; MEMORY_OFFSET bytes after the image's
 * start there are MEMORY_SIZE_BYTES to use.
 */
#define UART_BASE 0x09000000
#define UART_FLAGS 0x18
#define GICD_TYPER 0x08000004

#define ROOT_TABLE_OFFSET 0x2000
#define FIRST_GIB_TABLE_OFFSET 0x3000
#define OWN_GIB_TABLE_OFFSET 0x4000
#define STACK_TOP_OFFSET 0x7000
#define MEMORY_OFFSET 0x8000
#define MEMORY_SIZE_BYTES 0x8000

#define BLOCK_NORMAL 0x701
#define BLOCK_DEVICE 0x705
#define PSCI_SYSTEM_OFF 0x84000008

/* A constant of up to 64 bits */
.macro load_constant register, value
  ldr \register, =\value
.endm

.macro benchmark_start name
  .globl _start
_start:
  b start
  /* Exceptions at EL1: an SMC that nobody serves is undefined, and then PSCI is reached by HVC. */
  .org 0x800
vectors:
  .org 0xa00
  load_constant x0, PSCI_SYSTEM_OFF
  hvc #0
1:
  wfi
  b 1b
  .org 0x1000

name_text:
  .asciz "\name"
  .balign 4

/* x0: a NUL-terminated text */
put_text:
  load_constant x2, UART_BASE
1:
  ldrb w1, [x0], #1
  cbz w1, 3f
2:
  ldr w3, [x2, #UART_FLAGS]
  tbnz w3, #5, 2b
  str w1, [x2]
  b 1b
3:
  ret

/* x0: a number, printed in decimal */
put_number:
  stp x29, x30, [sp, #-48]!
  add x4, sp, #47
  strb wzr, [x4]
  mov x5, #10
1:
  udiv x6, x0, x5
  msub x7, x6, x5, x0
  add w7, w7, #'0'
  strb w7, [x4, #-1]!
  mov x0, x6
  cbnz x0, 1b
  mov x0, x4
  bl put_text
  ldp x29, x30, [sp], #48
  ret

/* x20 := the image's address; identity map of the blocks with the image, the UART and the GIC; MMU on */
enable_mmu:
  adr x20, _start
  add x0, x20, #ROOT_TABLE_OFFSET
  add x1, x20, #(OWN_GIB_TABLE_OFFSET + 0x1000)
1:
  stp xzr, xzr, [x0], #16
  cmp x0, x1
  b.lo 1b
  add x0, x20, #ROOT_TABLE_OFFSET
  add x1, x20, #FIRST_GIB_TABLE_OFFSET
  add x2, x20, #OWN_GIB_TABLE_OFFSET
  lsr x3, x20, #30
  cmp x3, #0
  csel x2, x1, x2, eq
  orr x4, x1, #3
  str x4, [x0]
  orr x4, x2, #3
  str x4, [x0, x3, lsl #3]
  load_constant x4, (UART_BASE + BLOCK_DEVICE)
  str x4, [x1, #(UART_BASE >> 21 << 3)]
  load_constant x4, (0x08000000 + BLOCK_DEVICE)
  str x4, [x1, #(0x08000000 >> 21 << 3)]
  ubfx x3, x20, #21, #9
  lsr x4, x20, #21
  lsl x4, x4, #21
  load_constant x5, BLOCK_NORMAL
  orr x4, x4, x5
  str x4, [x2, x3, lsl #3]
  mov x1, #0xff
  msr mair_el1, x1
  /* 39 bits, write-back inner shareable walks, no TTBR1, 40-bit addresses */
  load_constant x1, 0x200803519
  msr tcr_el1, x1
  msr ttbr0_el1, x0
  adr x1, vectors
  msr vbar_el1, x1
  isb
  tlbi vmalle1
  dsb sy
  isb
  mrs x1, sctlr_el1
  load_constant x2, 0x1005
  orr x1, x1, x2
  msr sctlr_el1, x1
  isb
  ret

start:
  bl enable_mmu
  add x0, x20, #STACK_TOP_OFFSET
  mov sp, x0
.endm

.macro measure_start
  isb
  mrs x19, cntpct_el0
.endm

.macro measure_end unit, count
  isb
  mrs x21, cntpct_el0
  sub x21, x21, x19
  adr x0, name_text
  bl put_text
  adr x0, 91f
  bl put_text
  load_constant x0, \count
  bl put_number
  adr x0, 92f
  bl put_text
  mov x0, x21
  bl put_number
  adr x0, 93f
  bl put_text
  mrs x0, cntfrq_el0
  bl put_number
  adr x0, 94f
  bl put_text
  b 95f
91:
  .asciz ": "
92:
  .asciz " \unit in "
93:
  .asciz " ticks of "
94:
  .asciz " Hz\r\n"
  .balign 4
95:
.endm

.macro benchmark_end
  adr x0, name_text
  bl put_text
  adr x0, 91f
  bl put_text
  load_constant x0, PSCI_SYSTEM_OFF
  smc #0
90:
  wfi
  b 90b
91:
  .asciz ": done\r\n"
  .balign 8
  .ltorg
.endm
