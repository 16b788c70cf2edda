#include "machine/traps/psci.h"

#include "machine/machine.h"

namespace cellvisor::machine::traps {

namespace {

constexpr uint64_t kNotSupported = ~uint64_t{0};
constexpr uint32_t kSmcccVersion = 0x80000000;
constexpr uint32_t kIs64 = 0x40000000;

enum Function : uint32_t {
  kVersion = 0x84000000,
  kCpuSuspend = 0x84000001,
  kCpuOff = 0x84000002,
  kCpuOn = 0x84000003,
  kAffinityInfo = 0x84000004,
  kFeatures = 0x8400000a,
};
constexpr uint64_t kVersion11 = 0x10001;

uint64_t features(uint64_t queried) {
  switch (static_cast<uint32_t>(queried)) {
    case kVersion: case kCpuSuspend: case kCpuSuspend | kIs64: case kCpuOff: case kCpuOn: case kCpuOn | kIs64:
    case kAffinityInfo: case kAffinityInfo | kIs64: case kFeatures: case kSmcccVersion:
      return 0;
    default:
      return kNotSupported;
  }
}

}  // namespace

Trap psciCall(Vcpu& vcpu) {
  Machine& machine = vcpu.machine();
  auto& x = vcpu.cpu().state().x;
  const uint32_t function = static_cast<uint32_t>(x[0]);
  // The 32-bit variants look at the lower halves of their arguments only.
  const uint64_t mask = (function & kIs64) ? ~uint64_t{0} : 0xffffffff;
  switch (function) {
    case kVersion:
      x[0] = kVersion11;
      break;
    case kCpuSuspend: case kCpuSuspend | kIs64:
      if (!machine.gic().hasPendingInterrupt(vcpu.number())) machine.executor().wait(vcpu);
      x[0] = 0;
      break;
    case kCpuOff:
      return Trap::kOff;
    case kCpuOn: case kCpuOn | kIs64:
      x[0] = static_cast<uint64_t>(machine.switchOnByGuest(vcpu.cell(), x[1] & mask, x[2] & mask, x[3] & mask));
      break;
    case kAffinityInfo: case kAffinityInfo | kIs64:
      x[0] = static_cast<uint64_t>(machine.affinityInfo(vcpu.cell(), x[1] & mask));
      break;
    case kFeatures:
      x[0] = features(x[1]);
      break;
    default:
      x[0] = kNotSupported;
      break;
  }
  return Trap::kHandled;
}

}  // namespace cellvisor::machine::traps
