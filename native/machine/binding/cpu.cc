#include "machine/binding/machine_object.h"

namespace cellvisor::binding {

using machine::ExitReason;
using machine::kExitReasons;
using machine::Machine;
using machine::PowerState;
using napi::Arguments;

namespace {

/** In the order of ExitReason. */
constexpr std::array<const char*, kExitReasons> kReasonNames = {"total",    "mmio",     "management", "hypercall", "maintenance",
                                                                "virt_irq", "virt_sgi", "psci",       "smccc"};

unsigned cpuArgument(Machine& machine, const Arguments& arguments) {
  const uint32_t cpu = arguments.at(0, "cpu").unsigned32();
  if (cpu >= machine.cpuCount()) throw napi::rangeError("the board has no CPU " + std::to_string(cpu));
  return cpu;
}

unsigned accessSize(const Arguments& arguments) {
  const uint32_t sizeBytes = arguments.at(2, "sizeBytes").unsigned32();
  if (sizeBytes != 1 && sizeBytes != 2 && sizeBytes != 4 && sizeBytes != 8) {
    throw napi::typeError("sizeBytes must be 1, 2, 4 or 8");
  }
  return sizeBytes;
}

napi_value cpuState(napi_env env, Machine& machine, const Arguments& arguments) {
  switch (machine.cpuState(cpuArgument(machine, arguments))) {
    case PowerState::kOff: return napi::makeString(env, "off");
    case PowerState::kRunning: return napi::makeString(env, "running");
    case PowerState::kParked: return napi::makeString(env, "parked");
    case PowerState::kFailed: return napi::makeString(env, "failed");
  }
  return nullptr;
}

napi_value cpuCounters(napi_env env, Machine& machine, const Arguments& arguments) {
  const machine::ExitCounters& counters = machine.counters(cpuArgument(machine, arguments));
  const napi_value array = napi::makeArray(env, kExitReasons);
  for (size_t index = 0; index < kExitReasons; index++) {
    napi::setElement(env, array, index, napi::makeNumber(env, counters.value(index)));
  }
  return array;
}

napi_value countRootExit(napi_env, Machine& machine, const Arguments& arguments) {
  const unsigned cpu = cpuArgument(machine, arguments);
  const std::string name = arguments.at(1, "reason").string();
  for (size_t index = 0; index < kReasonNames.size(); index++) {
    if (name != kReasonNames[index]) continue;
    machine.countRootExit(cpu, static_cast<ExitReason>(index));
    return nullptr;
  }
  throw napi::typeError("reason must be an exit reason");
}

napi_value rootRead(napi_env env, Machine& machine, const Arguments& arguments) {
  const unsigned cpu = cpuArgument(machine, arguments);
  const uint64_t address = arguments.at(1, "address").bigUnsigned64();
  return napi::makeBigint(env, machine.rootRead(cpu, address, accessSize(arguments)));
}

napi_value rootWrite(napi_env, Machine& machine, const Arguments& arguments) {
  const unsigned cpu = cpuArgument(machine, arguments);
  const uint64_t address = arguments.at(1, "address").bigUnsigned64();
  machine.rootWrite(cpu, address, accessSize(arguments), arguments.at(3, "value").bigUnsigned64());
  return nullptr;
}

}  // namespace

std::vector<MethodDefinition> cpuMethods() {
  return {{"cpuState", machineMethod<cpuState>()},
          {"cpuCounters", machineMethod<cpuCounters>()},
          {"countRootExit", machineMethod<countRootExit>()},
          {"rootRead", machineMethod<rootRead>()},
          {"rootWrite", machineMethod<rootWrite>()}};
}

}  // namespace cellvisor::binding
