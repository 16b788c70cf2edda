#pragma once

#include <node_api.h>

/**
 * One function a file; register.cc calls them all.
 *
 * A failed system call gives the negative errno as its result; JavaScript turns it into a KernelError with a name for
 * the operation. An argument of the wrong type is a programming error and throws a TypeError that names it.
 */
namespace cellvisor::syscalls {

void defineConnect(napi_env env, napi_value exports);
void defineExec(napi_env env, napi_value exports);
void defineIoctl(napi_env env, napi_value exports);
void defineLock(napi_env env, napi_value exports);
void defineMemory(napi_env env, napi_value exports);
void definePty(napi_env env, napi_value exports);
void defineRead(napi_env env, napi_value exports);

}  // namespace cellvisor::syscalls
