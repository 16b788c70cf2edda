#include "machine/binding/machine_object.h"

namespace cellvisor::binding {

using machine::HypervisorConsole;
using machine::Machine;
using napi::Arguments;

namespace {

napi_value consoleWrite(napi_env, Machine& machine, const Arguments& arguments) {
  machine.console().write(arguments.at(0, "text").string());
  return nullptr;
}

napi_value consoleSnapshot(napi_env env, Machine& machine, const Arguments&) {
  const HypervisorConsole::Snapshot snapshot = machine.console().snapshot();
  const napi_value result = napi::makeObject(env);
  napi::set(env, result, "tail", napi::makeNumber(env, snapshot.tail));
  napi::set(env, result, "content", napi::makeBytes(env, snapshot.content.data(), snapshot.content.size()));
  return result;
}

}  // namespace

std::vector<MethodDefinition> consoleMethods() {
  return {{"consoleWrite", machineMethod<consoleWrite>()}, {"consoleSnapshot", machineMethod<consoleSnapshot>()}};
}

}  // namespace cellvisor::binding
