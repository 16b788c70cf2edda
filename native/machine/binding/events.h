#pragma once

#include <node_api.h>

#include <vector>

#include "machine/machine.h"

namespace cellvisor::binding {

/** Events as the array that `onEvents` gets. */
napi_value eventArray(napi_env env, const machine::Machine& machine, const std::vector<machine::Event>& events);

}  // namespace cellvisor::binding
