#include <node_api.h>

#include "machine/binding/machine_object.h"
#include "napi/error.h"
#include "syscalls/register.h"

static napi_value init(napi_env env, napi_value exports) {
  try {
    cellvisor::binding::defineMachine(env, exports);
    cellvisor::syscalls::defineSyscalls(env, exports);
  } catch (const std::exception& error) {
    cellvisor::napi::raise(env, error);
    return nullptr;
  }
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
