#include "machine/binding/machine_object.h"

#include <algorithm>

#include "machine/binding/events.h"
#include "machine/binding/options.h"
#include "machine/execution/virtual_executor.h"

namespace cellvisor::binding {

using machine::Machine;
using machine::VirtualExecutor;
using napi::check;

namespace {

/** Marks our objects, so that a method called on anything else fails instead of misreading memory. */
constexpr napi_type_tag kMachineTag = {0x6b1d0a2f7c5e4f1bULL, 0x9f3c2d7e8a6b5c41ULL};

}  // namespace

MachineObject::MachineObject(napi_env env, napi_value onEvents, const machine::BoardDescription& board) : env_(env) {
  check(env, napi_create_threadsafe_function(env, onEvents, nullptr, napi::makeString(env, "cellvisor machine"), 0, 1, nullptr,
                                             nullptr, this, deliver, &notifier_));
  // A machine that nobody waits for does not keep the process alive.
  check(env, napi_unref_threadsafe_function(env, notifier_));
  try {
    machine_ = std::make_unique<Machine>(board, [notifier = notifier_] {
      napi_call_threadsafe_function(notifier, nullptr, napi_tsfn_nonblocking);
    });
    check(env, napi_add_env_cleanup_hook(env, environmentEnds, this));
  } catch (...) {
    machine_.reset();
    napi_release_threadsafe_function(notifier_, napi_tsfn_abort);
    throw;
  }
}

MachineObject::~MachineObject() { close(); }

napi_value MachineObject::construct(napi_env env, napi_callback_info info) {
  const napi::Arguments arguments(env, info);
  const napi::Value options = arguments.at(0, "options");
  const napi_value onEvents = options["onEvents"].function();
  std::unique_ptr<MachineObject> object;
  try {
    object.reset(new MachineObject(env, onEvents, boardDescription(options)));
  } catch (const machine::RangeViolation& violation) {
    throw napi::rangeError(violation.what());
  }
  check(env, napi_type_tag_object(env, arguments.self(), &kMachineTag));
  check(env, napi_wrap(env, arguments.self(), object.get(), finalize, nullptr, nullptr));
  object.release();
  return arguments.self();
}

MachineObject& MachineObject::of(napi_env env, napi_value self) {
  bool isOurs = false;
  napi_valuetype type = napi_undefined;
  check(env, napi_typeof(env, self, &type));
  if (type == napi_object) check(env, napi_check_object_type_tag(env, self, &kMachineTag, &isOurs));
  if (!isOurs) throw napi::typeError("this is not a Machine");
  void* data = nullptr;
  check(env, napi_unwrap(env, self, &data));
  return *static_cast<MachineObject*>(data);
}

Machine& MachineObject::machine() {
  if (machine_ == nullptr) throw napi::plainError("the machine is closed");
  return *machine_;
}

void MachineObject::close() {
  if (machine_ == nullptr) return;
  machine_.reset();
  napi_remove_env_cleanup_hook(env_, environmentEnds, this);
  napi_release_threadsafe_function(notifier_, napi_tsfn_abort);
  // Whoever still waits for a rest learns that there will be none.
  for (napi_deferred deferred : waiting_) {
    napi_value message = nullptr;
    napi_value error = nullptr;
    if (napi_create_string_utf8(env_, "the machine is closed", NAPI_AUTO_LENGTH, &message) != napi_ok) break;
    if (napi_create_error(env_, nullptr, message, &error) != napi_ok) break;
    napi_reject_deferred(env_, deferred, error);
  }
  waiting_.clear();
}

void MachineObject::finalize(napi_env, void* data, void*) { delete static_cast<MachineObject*>(data); }

void MachineObject::environmentEnds(void* data) {
  MachineObject& object = *static_cast<MachineObject*>(data);
  // JavaScript can no longer be called: promises stay as they are.
  object.waiting_.clear();
  object.close();
}

/** On JavaScript's thread. `env` is null while the environment ends. */
void MachineObject::deliver(napi_env env, napi_value callback, void* context, void*) {
  if (env == nullptr) return;
  MachineObject& object = *static_cast<MachineObject*>(context);
  if (object.machine_ == nullptr) return;
  try {
    // Taken first: whatever happens from here on, a rest of the clock included, causes another call.
    const std::vector<machine::Event> events = object.machine_->events().take();
    object.settleRest();
    object.deliverEvents(callback, events);
  } catch (const std::exception& error) {
    napi::raise(env, error);
  }
}

void MachineObject::deliverEvents(napi_value callback, const std::vector<machine::Event>& events) {
  if (events.empty()) return;
  napi_value argument = eventArray(env_, *machine_, events);
  napi_value receiver = napi::makeUndefined(env_);
  // An exception in the callback stays pending and becomes an uncaught exception, as in any callback.
  napi_call_function(env_, receiver, callback, 1, &argument, nullptr);
}

namespace {

const char* nameOf(VirtualExecutor::Rest rest) { return rest == VirtualExecutor::Rest::kLimit ? "limit" : "idle"; }

}  // namespace

napi_value MachineObject::virtualRest() {
  VirtualExecutor* executor = machine().virtualExecutor();
  if (executor == nullptr) throw napi::plainError("the clock is not virtual");
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  check(env_, napi_create_promise(env_, &deferred, &promise));
  if (waiting_.empty()) check(env_, napi_ref_threadsafe_function(env_, notifier_));
  waiting_.push_back(deferred);
  settleRest();
  return promise;
}

void MachineObject::settleRest() {
  VirtualExecutor* executor = machine_->virtualExecutor();
  if (executor == nullptr || waiting_.empty()) return;
  const VirtualExecutor::Rest rest = executor->rest();
  if (rest == VirtualExecutor::Rest::kNone) return;
  const napi_value reason = napi::makeString(env_, nameOf(rest));
  for (napi_deferred deferred : waiting_) check(env_, napi_resolve_deferred(env_, deferred, reason));
  waiting_.clear();
  check(env_, napi_unref_threadsafe_function(env_, notifier_));
}

namespace {

napi_value closeBody(napi_env env, napi_callback_info info) {
  const napi::Arguments arguments(env, info);
  MachineObject::of(env, arguments.self()).close();
  return nullptr;
}

napi_value virtualRestBody(napi_env env, napi_callback_info info) {
  const napi::Arguments arguments(env, info);
  return MachineObject::of(env, arguments.self()).virtualRest();
}

}  // namespace

void defineMachine(napi_env env, napi_value exports) {
  std::vector<napi_property_descriptor> properties;
  const auto add = [&](const MethodDefinition& method) {
    properties.push_back({method.name, nullptr, method.callback, nullptr, nullptr, nullptr, napi_default_method, nullptr});
  };
  add({"close", napi::guarded<closeBody>});
  add({"virtualRest", napi::guarded<virtualRestBody>});
  for (const auto& methods :
       {memoryMethods(), lifeMethods(), cpuMethods(), consoleMethods(), uartMethods(), clockMethods(), debugMethods()}) {
    std::for_each(methods.begin(), methods.end(), add);
  }
  napi_value constructor = nullptr;
  check(env, napi_define_class(env, "Machine", NAPI_AUTO_LENGTH, napi::guarded<MachineObject::construct>, nullptr,
                               properties.size(), properties.data(), &constructor));
  napi::set(env, exports, "Machine", constructor);
}

}  // namespace cellvisor::binding
