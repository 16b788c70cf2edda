#include "machine/machine.h"
#include "machine/traps/crash.h"
#include "machine/traps/traps.h"

namespace cellvisor::machine::traps {

namespace {

/** ISS of EC 0x18 without Rt and direction: Op0 21:20, Op2 19:17, Op1 16:14, CRn 13:10, CRm 4:1 (Arm ARM D17.2.37). */
constexpr uint32_t kRegisterBits = 0x3ffc1e;
constexpr uint32_t issOf(unsigned op0, unsigned op1, unsigned crn, unsigned crm, unsigned op2) {
  return (op0 << 20) | (op2 << 17) | (op1 << 14) | (crn << 10) | (crm << 1);
}
constexpr uint32_t kIccSgi1r = issOf(3, 0, 12, 11, 5);

}  // namespace

Trap systemRegister(Vcpu& vcpu, uint32_t iss, bool isWrite, uint64_t value) {
  vcpu.counters().count(ExitReason::kTotal);
  if (!isWrite || (iss & kRegisterBits) != kIccSgi1r) return unhandledTrap(vcpu, "");
  vcpu.machine().gic().sendSgi(vcpu.number(), vcpu.cell().partition, value);
  return Trap::kHandled;
}

}  // namespace cellvisor::machine::traps
