#include "machine/binding/machine_object.h"

namespace cellvisor::binding {

using machine::Debugger;
using machine::HoldCause;
using machine::Machine;
using napi::Arguments;
using napi::Value;

namespace {

uint32_t cellArgument(const Arguments& arguments) { return arguments.at(0, "cellId").unsigned32(); }
uint32_t cpuArgument(const Arguments& arguments) { return arguments.at(1, "cpu").unsigned32(); }

napi_value debugAttach(napi_env, Machine& machine, const Arguments& arguments) {
  machine.debugger().attach(cellArgument(arguments));
  return nullptr;
}

napi_value debugDetach(napi_env, Machine& machine, const Arguments& arguments) {
  machine.debugger().detach(cellArgument(arguments));
  return nullptr;
}

napi_value debugHold(napi_env, Machine& machine, const Arguments& arguments) {
  machine.debugger().hold(cellArgument(arguments));
  return nullptr;
}

Debugger::Go goOf(const Value& value) {
  const std::string text = value.string();
  if (text == "step") return Debugger::Go::kStep;
  if (text == "continue") return Debugger::Go::kContinue;
  throw napi::typeError(value.name() + " must be 'step' or 'continue'");
}

napi_value debugResume(napi_env, Machine& machine, const Arguments& arguments) {
  std::vector<Debugger::Resumption> resumptions;
  for (const Value& one : arguments.at(1, "cpus").elements()) {
    resumptions.push_back({one["cpu"].unsigned32(), goOf(one["go"])});
  }
  machine.debugger().resume(cellArgument(arguments), resumptions);
  return nullptr;
}

const char* nameOf(HoldCause::Kind kind) {
  switch (kind) {
    case HoldCause::Kind::kRequested: return "requested";
    case HoldCause::Kind::kStarted: return "started";
    case HoldCause::Kind::kBreakpoint: return "breakpoint";
    case HoldCause::Kind::kWatchpoint: return "watchpoint";
    case HoldCause::Kind::kStepped: return "stepped";
    case HoldCause::Kind::kFailed: return "failed";
  }
  return "";
}

napi_value debugCause(napi_env env, Machine& machine, const Arguments& arguments) {
  const std::optional<HoldCause> cause = machine.debugger().cause(cellArgument(arguments));
  if (!cause) return nullptr;
  const napi_value result = napi::makeObject(env);
  napi::set(env, result, "kind", napi::makeString(env, nameOf(cause->kind)));
  napi::set(env, result, "cpu", napi::makeNumber(env, cause->cpu));
  napi::set(env, result, "address", napi::makeBigint(env, cause->address));
  napi::set(env, result, "isWrite", napi::makeBoolean(env, cause->isWrite));
  return result;
}

napi_value debugSetBreakpoints(napi_env, Machine& machine, const Arguments& arguments) {
  std::vector<uint64_t> addresses;
  for (const Value& address : arguments.at(1, "addresses").elements()) addresses.push_back(address.bigUnsigned64());
  machine.debugger().setBreakpoints(cellArgument(arguments), addresses);
  return nullptr;
}

napi_value debugSetWatchpoints(napi_env, Machine& machine, const Arguments& arguments) {
  std::vector<machine::Watchpoint> watchpoints;
  for (const Value& one : arguments.at(1, "watchpoints").elements()) {
    const uint64_t address = one["address"].bigUnsigned64(), lengthBytes = one["lengthBytes"].bigUnsigned64();
    if (lengthBytes == 0 || lengthBytes - 1 > UINT64_MAX - address) {
      throw napi::rangeError(one.name() + ".lengthBytes does not fit into the address space");
    }
    watchpoints.push_back({address, address + (lengthBytes - 1), one["onRead"].boolean(), one["onWrite"].boolean()});
  }
  machine.debugger().setWatchpoints(cellArgument(arguments), watchpoints);
  return nullptr;
}

napi_value debugReadRegisters(napi_env env, Machine& machine, const Arguments& arguments) {
  const std::vector<uint8_t> bytes = machine.debugger().readRegisters(cellArgument(arguments), cpuArgument(arguments));
  return napi::makeBytes(env, bytes.data(), bytes.size());
}

napi_value debugWriteRegisters(napi_env, Machine& machine, const Arguments& arguments) {
  const napi::Bytes bytes = arguments.at(2, "bytes").bytes();
  machine.debugger().writeRegisters(cellArgument(arguments), cpuArgument(arguments), bytes.data, bytes.length);
  return nullptr;
}

napi_value debugReadMemory(napi_env env, Machine& machine, const Arguments& arguments) {
  const uint64_t address = arguments.at(2, "address").bigUnsigned64();
  const uint32_t length = arguments.at(3, "lengthBytes").unsigned32();
  const std::vector<uint8_t> bytes =
      machine.debugger().readMemory(cellArgument(arguments), cpuArgument(arguments), address, length);
  return napi::makeBytes(env, bytes.data(), bytes.size());
}

napi_value debugWriteMemory(napi_env env, Machine& machine, const Arguments& arguments) {
  const uint64_t address = arguments.at(2, "address").bigUnsigned64();
  const napi::Bytes bytes = arguments.at(3, "bytes").bytes();
  const bool isDone =
      machine.debugger().writeMemory(cellArgument(arguments), cpuArgument(arguments), address, bytes.data, bytes.length);
  return napi::makeBoolean(env, isDone);
}

}  // namespace

std::vector<MethodDefinition> debugMethods() {
  return {{"debugAttach", machineMethod<debugAttach>()},
          {"debugDetach", machineMethod<debugDetach>()},
          {"debugHold", machineMethod<debugHold>()},
          {"debugResume", machineMethod<debugResume>()},
          {"debugCause", machineMethod<debugCause>()},
          {"debugSetBreakpoints", machineMethod<debugSetBreakpoints>()},
          {"debugSetWatchpoints", machineMethod<debugSetWatchpoints>()},
          {"debugReadRegisters", machineMethod<debugReadRegisters>()},
          {"debugWriteRegisters", machineMethod<debugWriteRegisters>()},
          {"debugReadMemory", machineMethod<debugReadMemory>()},
          {"debugWriteMemory", machineMethod<debugWriteMemory>()}};
}

}  // namespace cellvisor::binding
