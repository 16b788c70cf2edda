#include <cinttypes>
#include <cstdio>

#include "machine/machine.h"
#include "machine/traps/crash.h"
#include "machine/traps/mmio_dispatch.h"
#include "machine/traps/traps.h"

namespace cellvisor::machine::traps {

namespace {

Trap unhandledAccess(Vcpu& vcpu, const DataAbort& abort) {
  char line[80];
  std::snprintf(line, sizeof line, "Unhandled data %s at 0x%" PRIx64 "(%u)\n", abort.isWrite ? "write" : "read",
                abort.intermediateAddress, abort.sizeBytes);
  return unhandledTrap(vcpu, line, abort.intermediateAddress);
}

}  // namespace

Trap dataAbort(Vcpu& vcpu, DataAbort& abort) {
  vcpu.counters().count(ExitReason::kMmio);
  // On hardware the GA release would hang in EL2 for the last two; here the CPU is parked as for the first.
  if (!abort.syndromeValid || abort.duringTableWalk || abort.cacheMaintenance) return unhandledAccess(vcpu, abort);
  MmioAccess access{abort.intermediateAddress, abort.sizeBytes, abort.isWrite, abort.isWrite ? abort.value : 0};
  std::string cause;
  switch (dispatchMmio(vcpu.machine(), vcpu.cell(), access, cause)) {
    case MmioResult::kHandled:
      if (!abort.isWrite) {
        const uint64_t mask = abort.sizeBytes >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * abort.sizeBytes)) - 1;
        abort.value = access.value & mask;
      }
      return Trap::kHandled;
    case MmioResult::kForbidden:
      return forbiddenAccess(vcpu, cause, abort.intermediateAddress);
    case MmioResult::kUnhandled:
      break;
  }
  return unhandledAccess(vcpu, abort);
}

Trap instructionAbort(Vcpu& vcpu, uint64_t intermediateAddress) {
  vcpu.counters().count(ExitReason::kTotal);
  char line[64];
  std::snprintf(line, sizeof line, "FATAL: instruction abort at 0x%" PRIx64 "\n", intermediateAddress);
  return forbiddenAccess(vcpu, line, intermediateAddress);
}

Trap unimplemented(Vcpu& vcpu, uint32_t insn, const char* what) {
  char line[160];
  std::snprintf(line, sizeof line, "FATAL: unimplemented instruction 0x%08" PRIx32 " (%s) at 0x%" PRIx64 "\n", insn, what,
                vcpu.cpu().pc());
  return emulatorFailure(vcpu, line);
}

}  // namespace cellvisor::machine::traps
