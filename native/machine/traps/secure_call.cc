// SMC by owner: SMCCC architecture calls, SiP, PSCI, trusted OS (jailhouse-hypervisor reference 5).

#include <cinttypes>
#include <cstdio>

#include "machine/machine.h"
#include "machine/traps/crash.h"
#include "machine/traps/psci.h"
#include "machine/traps/traps.h"

namespace cellvisor::machine::traps {

namespace {

constexpr uint64_t kNotSupported = ~uint64_t{0};
constexpr unsigned kOwnerArchitecture = 0, kOwnerSip = 2, kOwnerStandard = 4, kFirstTrustedOwner = 48;

constexpr uint32_t kSmcccVersion = 0x80000000, kArchFeatures = 0x80000001, kArchWorkaround1 = 0x80008000;
constexpr uint64_t kSmcccVersion11 = 0x10001;

Trap architectureCall(Vcpu& vcpu) {
  auto& x = vcpu.cpu().state().x;
  const bool isNewer = vcpu.machine().traits().unknownArchCallParks;
  const uint32_t function = static_cast<uint32_t>(x[0]);
  if (function == kSmcccVersion) {
    x[0] = kSmcccVersion11;
  } else if (!isNewer) {
    x[0] = kNotSupported;
  } else if (function == kArchFeatures) {
    // None of the boards' cores needs the workaround calls.
    const uint32_t queried = static_cast<uint32_t>(x[1]);
    x[0] = queried == kSmcccVersion || queried == kArchFeatures ? 0 : kNotSupported;
  } else if (function == kArchWorkaround1) {
    x[0] = 0;
  } else {
    char line[64];
    std::snprintf(line, sizeof line, "Unhandled SMC arch trap %" PRIx64 "\n", x[0]);
    return unhandledTrap(vcpu, line);
  }
  return Trap::kHandled;
}

}  // namespace

Trap secureCall(Vcpu& vcpu) {
  auto& x = vcpu.cpu().state().x;
  const unsigned owner = (x[0] >> 24) & 0x3f;
  switch (owner) {
    case kOwnerArchitecture:
      vcpu.counters().count(ExitReason::kSmccc);
      return architectureCall(vcpu);
    case kOwnerSip:
      vcpu.counters().count(ExitReason::kSmccc);
      // Forwarded to firmware by the GA release, refused by others: the board's firmware knows no such service.
      x[0] = kNotSupported;
      return Trap::kHandled;
    case kOwnerStandard:
      vcpu.counters().count(ExitReason::kPsci);
      return psciCall(vcpu);
    default:
      break;
  }
  vcpu.counters().count(ExitReason::kTotal);
  if (owner >= kFirstTrustedOwner && vcpu.machine().traits().trustedCallsForwarded) {
    x[0] = kNotSupported;  // there is no trusted OS behind the firmware
    return Trap::kHandled;
  }
  return unhandledTrap(vcpu, "");
}

}  // namespace cellvisor::machine::traps
