#pragma once

#include <node_api.h>

#include <memory>
#include <vector>

#include "machine/machine.h"
#include "napi/value.h"

namespace cellvisor::binding {

/**
 * What stands behind a JavaScript Machine: the machine, the path by which its threads wake JavaScript, and promises that
 * wait for the virtual clock. Everything is released by close(), by garbage collection, or when the environment ends.
 */
class MachineObject {
 public:
  /** Callback of the class. Takes MachineOptions. */
  static napi_value construct(napi_env env, napi_callback_info info);
  /** The object behind `self`; throws if that is something else. */
  static MachineObject& of(napi_env env, napi_value self);

  ~MachineObject();
  MachineObject(const MachineObject&) = delete;
  MachineObject& operator=(const MachineObject&) = delete;

  /** Throws when the machine is closed. */
  machine::Machine& machine();
  /** Stops all threads and frees everything; a second call does nothing. */
  void close();

  /** A promise for the next rest of the virtual clock. */
  napi_value virtualRest();

 private:
  MachineObject(napi_env env, napi_value onEvents, const machine::BoardDescription& board);

  static void deliver(napi_env env, napi_value callback, void* context, void* data);
  static void finalize(napi_env env, void* data, void* hint);
  static void environmentEnds(void* data);
  void deliverEvents(napi_value callback, const std::vector<machine::Event>& events);
  void settleRest();

  napi_env env_;
  napi_threadsafe_function notifier_ = nullptr;
  std::unique_ptr<machine::Machine> machine_;
  std::vector<napi_deferred> waiting_;
};

/** Methods by topic; each file defines its own on the class. */
using Method = napi_callback;
struct MethodDefinition {
  const char* name;
  Method callback;
};
std::vector<MethodDefinition> memoryMethods();
std::vector<MethodDefinition> lifeMethods();
std::vector<MethodDefinition> cpuMethods();
std::vector<MethodDefinition> consoleMethods();
std::vector<MethodDefinition> uartMethods();
std::vector<MethodDefinition> clockMethods();
std::vector<MethodDefinition> debugMethods();

/** A method: the machine and its arguments; the result, or nullptr for undefined. */
using MachineCall = napi_value (*)(napi_env env, machine::Machine& machine, const napi::Arguments& arguments);

template <MachineCall Call>
napi_value machineMethodBody(napi_env env, napi_callback_info info) {
  const napi::Arguments arguments(env, info);
  machine::Machine& machine = MachineObject::of(env, arguments.self()).machine();
  try {
    return Call(env, machine, arguments);
  } catch (const machine::RangeViolation& violation) {
    throw napi::rangeError(violation.what());
  }
}

template <MachineCall Call>
constexpr Method machineMethod() {
  return napi::guarded<machineMethodBody<Call>>;
}

/** Adds the class `Machine` to the exports. */
void defineMachine(napi_env env, napi_value exports);

}  // namespace cellvisor::binding
