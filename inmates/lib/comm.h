/* SPDX-License-Identifier: MIT */
/*
 * The communication region: one page that the hypervisor fills at every start of the cell. It says where console, GIC
 * and virtual PCI are, shows the cell's state to Linux, and carries messages.
 */
#ifndef COMM_H
#define COMM_H

#include <stdbool.h>
#include <stdint.h>

#define COMM_REGION_ADDRESS 0x80000000ull

enum cell_state {
  CELL_RUNNING = 0,
  /* running, and no cell may be created or destroyed meanwhile */
  CELL_RUNNING_LOCKED = 1,
  CELL_SHUT_DOWN = 2,
  CELL_FAILED = 3,
  CELL_FAILED_COMM_REVISION = 4,
};

enum comm_message {
  COMM_NOTHING = 0,
  COMM_SHUTDOWN_REQUEST = 1,
  COMM_RECONFIG_COMPLETED = 2,
};

enum comm_reply {
  COMM_UNKNOWN = 1,
  COMM_REQUEST_DENIED = 2,
  COMM_REQUEST_APPROVED = 3,
  COMM_RECEIVED = 4,
};

/* type values of struct comm_console */
enum console_type {
  CONSOLE_NONE = 0,
  CONSOLE_8250 = 2,
  CONSOLE_PL011 = 3,
  CONSOLE_IMX = 8,
  CONSOLE_IMX_LPUART = 9,
};

/* bits of struct comm_console flags */
#define CONSOLE_REGISTER_DISTANCE_4 0x0002u
#define CONSOLE_INVERTED_GATE 0x1000u

struct comm_console {
  uint64_t address;
  uint32_t size_bytes;
  uint16_t type;
  uint16_t flags;
  /* 0: the UART is set up already and shared */
  uint32_t divider;
  uint32_t gate_nr;
  uint64_t clock_reg;
};

/* What the page offers, whichever of its layouts it has. Zero: not offered. */
struct comm_info {
  bool virtual_console_permitted;
  bool virtual_console_active;
  struct comm_console console;
  unsigned int gic_version;
  uint64_t gicd_base;
  uint64_t gicr_base;
  uint64_t pci_cfg_base;
  uint64_t pci_cfg_size_bytes;
  /* interrupt of the first virtual PCI device; INTIDs count SGIs and PPIs, so SPI 0 is INTID 32 */
  unsigned int vpci_intid;
};

extern struct comm_info comm;

/* Reads the page into `comm`. false: not a page of revision 1 or 2; the state is CELL_FAILED_COMM_REVISION then. */
bool comm_setup(void);

/* The state that `jailhouse cell list` shows. */
void comm_set_state(enum cell_state state);

/* The waiting message, COMM_NOTHING without one. Answer each with comm_reply: the hypervisor polls for it. */
enum comm_message comm_receive(void);
void comm_reply(enum comm_reply reply);

/*
 * Answers what is waiting as a cell without objections would: a shutdown request is approved and parks the calling CPU.
 * For the main loop of inmates whose cell is not PASSIVE_COMMREG.
 */
void comm_answer(void);

#endif
