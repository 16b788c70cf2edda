#include "machine/traps/mmio_dispatch.h"

#include "machine/machine.h"

namespace cellvisor::machine::traps {

MmioResult dispatchMmio(Machine& machine, Cell& cell, MmioAccess& access, std::string& cause) {
  gic::Gic& gic = machine.gic();
  MmioResult result = MmioResult::kUnhandled;
  if (gic.isDistributor(access.address, access.sizeBytes) || gic.isRedistributor(access.address, access.sizeBytes)) {
    result = access.isWrite ? gic.cellWrite(cell.partition, access.address, access.sizeBytes, access.value, cause)
                            : gic.cellRead(cell.partition, access.address, access.sizeBytes, access.value);
  } else if (access.isWrite) {
    result = machine.pci().write(cell.devices, access.address, access.sizeBytes, access.value, cause);
  } else {
    result = machine.pci().read(cell.devices, access.address, access.sizeBytes, access.value, cause);
  }
  if (result != MmioResult::kUnhandled) return result;
  return dispatchSubPage(machine, cell, access, cause);
}

}  // namespace cellvisor::machine::traps
