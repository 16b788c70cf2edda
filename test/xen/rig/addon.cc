// The addon as far as commands of dom0 need it: the system calls, without the machine, which takes minutes to compile.
#include <node_api.h>

#include "napi/error.h"
#include "syscalls/register.h"

static napi_value init(napi_env env, napi_value exports) {
  try {
    cellvisor::syscalls::defineSyscalls(env, exports);
  } catch (const std::exception& error) {
    cellvisor::napi::raise(env, error);
    return nullptr;
  }
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
