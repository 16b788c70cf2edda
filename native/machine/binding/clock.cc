#include "machine/binding/machine_object.h"
#include "machine/execution/virtual_executor.h"

namespace cellvisor::binding {

using machine::Machine;
using napi::Arguments;

namespace {

napi_value nowNs(napi_env env, Machine& machine, const Arguments&) { return napi::makeBigint(env, machine.nowNs()); }

napi_value setVirtualLimit(napi_env, Machine& machine, const Arguments& arguments) {
  if (machine.virtualExecutor() == nullptr) throw napi::plainError("the clock is not virtual");
  const napi::Value limit = arguments.at(0, "limitNs");
  machine.virtualExecutor()->setLimit(limit.isUndefined() ? machine::kNever : limit.bigUnsigned64());
  return nullptr;
}

napi_value resources(napi_env env, Machine& machine, const Arguments&) {
  const napi_value result = napi::makeObject(env);
  napi::set(env, result, "threads", napi::makeNumber(env, machine.threadCount()));
  napi::set(env, result, "descriptors", napi::makeNumber(env, machine::Ram::kDescriptors));
  return result;
}

}  // namespace

std::vector<MethodDefinition> clockMethods() {
  return {{"nowNs", machineMethod<nowNs>()},
          {"setVirtualLimit", machineMethod<setVirtualLimit>()},
          {"resources", machineMethod<resources>()}};
}

}  // namespace cellvisor::binding
