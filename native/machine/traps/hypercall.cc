#include <cerrno>

#include "machine/machine.h"
#include "machine/traps/crash.h"
#include "machine/traps/traps.h"

namespace cellvisor::machine::traps {

namespace {

/** "JH": the only immediate that Jailhouse knows (jailhouse-abi reference 4.1). */
constexpr uint16_t kJailhouseImmediate = 0x4a48;

enum Code : uint32_t { kDisable, kCellCreate, kCellStart, kCellSetLoadable, kCellDestroy, kGetInfo, kCellGetState, kCpuGetInfo, kPutc };

enum CpuInfo : uint32_t { kCpuState = 0, kStatisticsBase = 1000 };
constexpr int64_t kCpuRunning = 0, kCpuFailed = 2;

int64_t cpuInfo(Vcpu& vcpu, uint64_t cpu, uint64_t type) {
  Machine& machine = vcpu.machine();
  if (cpu >= machine.cpuCount()) return -EINVAL;
  if (!((vcpu.cell().partition.cpuMask >> cpu) & 1)) return -EPERM;
  if (type == kCpuState) return machine.cpuState(static_cast<unsigned>(cpu)) == PowerState::kFailed ? kCpuFailed : kCpuRunning;
  if (type >= kStatisticsBase && type - kStatisticsBase < kExitReasons) {
    return machine.counters(static_cast<unsigned>(cpu)).value(type - kStatisticsBase);
  }
  return -EINVAL;
}

int64_t putCharacter(Vcpu& vcpu, uint64_t character) {
  if (!vcpu.cell().config.consolePermitted) return -EPERM;
  const char text = static_cast<char>(character);
  vcpu.machine().console().write(std::string_view(&text, 1));
  return 0;
}

/** Calls that cells other than root may not make give EPERM whatever their arguments (jailhouse-abi reference 4.2). */
int64_t call(Vcpu& vcpu, uint32_t code, uint64_t argument1, uint64_t argument2) {
  switch (code) {
    case kDisable: case kCellCreate: case kCellStart: case kCellSetLoadable: case kCellDestroy: case kCellGetState:
      return -EPERM;
    case kGetInfo:
      return vcpu.machine().hypervisorInfo(argument1);
    case kCpuGetInfo:
      return cpuInfo(vcpu, argument1, argument2);
    case kPutc:
      return putCharacter(vcpu, argument1);
    default:
      return -ENOSYS;
  }
}

}  // namespace

Trap hypercall(Vcpu& vcpu, uint16_t immediate) {
  if (immediate != kJailhouseImmediate) {
    vcpu.counters().count(ExitReason::kTotal);
    return forbiddenAccess(vcpu, "");
  }
  vcpu.counters().count(ExitReason::kHypercall);
  auto& x = vcpu.cpu().state().x;
  x[0] = static_cast<uint64_t>(call(vcpu, static_cast<uint32_t>(x[0]), x[1], x[2]));
  return Trap::kHandled;
}

}  // namespace cellvisor::machine::traps
