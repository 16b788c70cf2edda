/* SPDX-License-Identifier: MIT */
#include "comm.h"

#include "cpu.h"
#include "mmio.h"

/* Offsets common to revisions 1 and 2 */
#define COMM_SIGNATURE 0
#define COMM_REVISION 6
#define COMM_CELL_STATE 8
#define COMM_MSG_TO_CELL 12
#define COMM_REPLY_FROM_CELL 16
#define COMM_FLAGS 20
#define COMM_CONSOLE 24

#define FLAG_PUTC_PERMITTED 1u
#define FLAG_PUTC_ACTIVE 2u

#define FIRST_SPI_INTID 32u
#define BUS_SIZE_BYTES 0x100000ull

struct comm_info comm;

static uint64_t field64(unsigned int offset) {
  return mmio_read64(COMM_REGION_ADDRESS + offset);
}

static uint32_t field32(unsigned int offset) {
  return mmio_read32(COMM_REGION_ADDRESS + offset);
}

static uint16_t field16(unsigned int offset) {
  return mmio_read16(COMM_REGION_ADDRESS + offset);
}

static uint8_t field8(unsigned int offset) {
  return mmio_read8(COMM_REGION_ADDRESS + offset);
}

static bool has_signature(void) {
  static const char signature[6] = {'J', 'H', 'C', 'O', 'M', 'M'};
  for (unsigned int n = 0; n < sizeof(signature); n++)
    if (field8(COMM_SIGNATURE + n) != (uint8_t)signature[n])
      return false;
  return true;
}

static void read_console(void) {
  comm.console.address = field64(COMM_CONSOLE);
  comm.console.size_bytes = field32(COMM_CONSOLE + 8);
  comm.console.type = field16(COMM_CONSOLE + 12);
  comm.console.flags = field16(COMM_CONSOLE + 14);
  comm.console.divider = field32(COMM_CONSOLE + 16);
  comm.console.gate_nr = field32(COMM_CONSOLE + 20);
  comm.console.clock_reg = field64(COMM_CONSOLE + 24);
}

/* Upstream ends at 88; NXP's fields follow there. The page is zeroed at every start, so without them they read 0. */
static void read_revision_1(void) {
  comm.gic_version = field8(56);
  comm.gicd_base = field64(64);
  comm.gicr_base = field64(80);
  comm.pci_cfg_base = field64(88);
  comm.pci_cfg_size_bytes = field64(96);
  comm.vpci_intid = field32(104);
}

static void read_revision_2(void) {
  comm.pci_cfg_base = field64(56);
  comm.pci_cfg_size_bytes = BUS_SIZE_BYTES;
  comm.gic_version = field8(64);
  comm.gicd_base = field64(72);
  comm.gicr_base = field64(88);
  comm.vpci_intid = FIRST_SPI_INTID + field32(96);
}

bool comm_setup(void) {
  unsigned int revision = field16(COMM_REVISION);
  if (!has_signature() || (revision != 1 && revision != 2)) {
    comm_set_state(CELL_FAILED_COMM_REVISION);
    return false;
  }
  uint32_t flags = field32(COMM_FLAGS);
  comm.virtual_console_permitted = (flags & FLAG_PUTC_PERMITTED) != 0;
  comm.virtual_console_active = (flags & FLAG_PUTC_ACTIVE) != 0;
  read_console();
  if (revision == 1)
    read_revision_1();
  else
    read_revision_2();
  return true;
}

void comm_set_state(enum cell_state state) {
  mmio_write32(COMM_REGION_ADDRESS + COMM_CELL_STATE, state);
}

enum comm_message comm_receive(void) {
  return field32(COMM_MSG_TO_CELL);
}

void comm_reply(enum comm_reply reply) {
  mmio_write32(COMM_REGION_ADDRESS + COMM_MSG_TO_CELL, COMM_NOTHING);
  memory_barrier();
  mmio_write32(COMM_REGION_ADDRESS + COMM_REPLY_FROM_CELL, reply);
}

void comm_answer(void) {
  switch (comm_receive()) {
    case COMM_NOTHING:
      break;
    case COMM_SHUTDOWN_REQUEST:
      comm_set_state(CELL_SHUT_DOWN);
      comm_reply(COMM_REQUEST_APPROVED);
      park();
    case COMM_RECONFIG_COMPLETED:
      comm_reply(COMM_RECEIVED);
      break;
    default:
      comm_reply(COMM_UNKNOWN);
      break;
  }
}
