#include "machine/binding/events.h"

#include "napi/value.h"

namespace cellvisor::binding {

using machine::Event;
using napi::makeNumber;
using napi::set;

namespace {

napi_value eventObject(napi_env env, const machine::Machine& machine, const Event& event) {
  const napi_value object = napi::makeObject(env);
  const auto type = [&](const char* name) { set(env, object, "type", napi::makeString(env, name)); };
  switch (event.type) {
    case Event::Type::kUart:
      type("uart");
      set(env, object, "uart", napi::makeString(env, machine.uart(event.uart).description().name));
      break;
    case Event::Type::kConsole:
      type("console");
      break;
    case Event::Type::kRootInterrupt:
      type("rootInterrupt");
      set(env, object, "intid", makeNumber(env, event.intid));
      set(env, object, "cpu", makeNumber(env, event.cpu));
      set(env, object, "count", makeNumber(env, static_cast<double>(event.count)));
      break;
    case Event::Type::kCpuFailed:
      type("cpuFailed");
      set(env, object, "cpu", makeNumber(env, event.cpu));
      set(env, object, "cellId", makeNumber(env, event.cellId));
      break;
    case Event::Type::kCellChanged:
      type("cellChanged");
      set(env, object, "cellId", makeNumber(env, event.cellId));
      break;
    case Event::Type::kCellHeld:
      type("cellHeld");
      set(env, object, "cellId", makeNumber(env, event.cellId));
      break;
  }
  return object;
}

}  // namespace

napi_value eventArray(napi_env env, const machine::Machine& machine, const std::vector<Event>& events) {
  const napi_value array = napi::makeArray(env, events.size());
  for (size_t index = 0; index < events.size(); index++) {
    napi::setElement(env, array, index, eventObject(env, machine, events[index]));
  }
  return array;
}

}  // namespace cellvisor::binding
