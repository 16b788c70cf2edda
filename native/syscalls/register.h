#pragma once

#include <node_api.h>

/// Adds every operation of this folder to `exports`. src/native/syscalls.ts has their types.
napi_value registerSyscalls(napi_env env, napi_value exports);
