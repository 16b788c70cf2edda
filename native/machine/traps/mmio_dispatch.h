#pragma once

#include <cstdint>
#include <string>

#include "machine/cell.h"
#include "machine/mmio.h"

namespace cellvisor::machine {
class Machine;
}

namespace cellvisor::machine::traps {

/** An access to an address where a cell's stage 2 maps nothing. */
struct MmioAccess {
  uint64_t address = 0;
  unsigned sizeBytes = 0;
  bool isWrite = false;
  /** What is written; a read leaves its result here. */
  uint64_t value = 0;
};

/**
 * Finds the region that answers (jailhouse-hypervisor reference 3): GIC frames, virtual PCI, sub-page regions. On
 * kForbidden, `cause` is the line to print.
 */
MmioResult dispatchMmio(Machine& machine, Cell& cell, MmioAccess& access, std::string& cause);

/** The part of it for regions that do not cover whole pages (traps/sub_page.cc). */
MmioResult dispatchSubPage(Machine& machine, const Cell& cell, MmioAccess& access, std::string& cause);

}  // namespace cellvisor::machine::traps
