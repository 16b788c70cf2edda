// Regions that do not cover whole pages are emulated access by access (jailhouse-hypervisor reference 2).

#include <cinttypes>
#include <cstdio>

#include "machine/machine.h"
#include "machine/traps/mmio_dispatch.h"

namespace cellvisor::machine::traps {

namespace {

bool isPermitted(const Region& region, const MmioAccess& access, uint64_t physical) {
  const uint32_t direction = access.isWrite ? region_flags::kWrite : region_flags::kRead;
  // IO_8 .. IO_64 are consecutive bits for 1, 2, 4 and 8 bytes.
  const uint32_t width = region_flags::kIo8 * access.sizeBytes;
  const bool aligned = (physical & (access.sizeBytes - 1)) == 0;
  return (region.flags & direction) && (region.flags & width) && (aligned || (region.flags & region_flags::kIoUnaligned));
}

}  // namespace

MmioResult dispatchSubPage(Machine& machine, const Cell& cell, MmioAccess& access, std::string& cause) {
  for (const Region& region : cell.subPages) {
    if (access.address < region.virtStart || region.sizeBytes < access.sizeBytes) continue;
    const uint64_t offset = access.address - region.virtStart;
    if (offset > region.sizeBytes - access.sizeBytes) continue;
    const uint64_t physical = region.physStart + offset;
    const bool done = isPermitted(region, access, physical) && (access.isWrite ? machine.physicalWrite(physical, access.sizeBytes, access.value)
                                                                   : machine.physicalRead(physical, access.sizeBytes, access.value));
    if (done) return MmioResult::kHandled;
    char line[96];
    std::snprintf(line, sizeof line, "FATAL: Invalid MMIO %s, address: %" PRIx64 ", size: %x\n",
                  access.isWrite ? "write" : "read", physical, access.sizeBytes);
    cause = line;
    return MmioResult::kForbidden;
  }
  return MmioResult::kUnhandled;
}

}  // namespace cellvisor::machine::traps
