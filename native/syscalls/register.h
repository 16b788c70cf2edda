#pragma once

#include <node_api.h>

namespace cellvisor::syscalls {

/** Adds every operation of this folder to `exports`. src/native/syscalls.ts has their types. */
void defineSyscalls(napi_env env, napi_value exports);

}  // namespace cellvisor::syscalls
