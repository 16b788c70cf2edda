#pragma once

#include <node_api.h>

/// One function a file; register.cc calls them all.
namespace syscalls {

void defineExec(napi_env env, napi_value exports);
void defineIoctl(napi_env env, napi_value exports);
void defineLock(napi_env env, napi_value exports);
void defineMemory(napi_env env, napi_value exports);
void definePty(napi_env env, napi_value exports);
void defineRead(napi_env env, napi_value exports);
void defineRegisters(napi_env env, napi_value exports);

}  // namespace syscalls
