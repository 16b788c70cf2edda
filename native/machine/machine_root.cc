// The root cell is Linux and does not execute here: its driver model makes the accesses that would trap.

#include <cstdio>

#include "machine/machine.h"
#include "machine/traps/mmio_dispatch.h"

namespace cellvisor::machine {

void Machine::requireRootCpu(unsigned cpu) const {
  requireEnabled();
  bool isRoots = cpu < vcpus_.size() && ((root_->partition.cpuMask >> cpu) & 1);
  for (const auto& entry : cells_) isRoots = isRoots && !((entry.second->partition.cpuMask >> cpu) & 1);
  if (!isRoots) throw RangeViolation("CPU " + std::to_string(cpu) + " is not the root cell's");
}

void Machine::countRootExit(unsigned cpu, ExitReason reason) {
  requireRootCpu(cpu);
  counters_[cpu].count(reason);
}

uint64_t Machine::rootRead(unsigned cpu, uint64_t address, unsigned sizeBytes) {
  requireRootCpu(cpu);
  counters_[cpu].count(ExitReason::kMmio);
  traps::MmioAccess access{address, sizeBytes, false, 0};
  std::string cause;
  switch (traps::dispatchMmio(*this, *root_, access, cause)) {
    case MmioResult::kHandled: return sizeBytes == 8 ? access.value : access.value & ((uint64_t{1} << (8 * sizeBytes)) - 1);
    case MmioResult::kForbidden: failRootCpu(cpu, cause);
    case MmioResult::kUnhandled: break;
  }
  throw RangeViolation("nothing answers at this address");
}

void Machine::rootWrite(unsigned cpu, uint64_t address, unsigned sizeBytes, uint64_t value) {
  requireRootCpu(cpu);
  counters_[cpu].count(ExitReason::kMmio);
  traps::MmioAccess access{address, sizeBytes, true, value};
  std::string cause;
  switch (traps::dispatchMmio(*this, *root_, access, cause)) {
    case MmioResult::kHandled: return;
    case MmioResult::kForbidden: failRootCpu(cpu, cause);
    case MmioResult::kUnhandled: break;
  }
  throw RangeViolation("nothing answers at this address");
}

/** As for any cell (jailhouse-hypervisor reference 9), but without the registers, which nobody has. */
void Machine::failRootCpu(unsigned cpu, const std::string& cause) {
  std::string text = cause + "\nFATAL: forbidden access (exception class 0x24)\n\nParking CPU " + std::to_string(cpu) +
                     " (Cell: \"" + root_->config.name + "\")\n";
  console_.write(text);
  {
    ControlLock lock(*this);
    vcpus_[cpu]->power = PowerState::kFailed;
  }
  events_.cpuFailed(cpu, root_->config.id);
  throw BrokenPromise("the hypervisor parked CPU " + std::to_string(cpu) + " of the root cell");
}

}  // namespace cellvisor::machine
