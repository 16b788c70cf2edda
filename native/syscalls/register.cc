#include "syscalls/register.h"

#include <exception>

#include "syscalls/operations.h"

napi_value registerSyscalls(napi_env env, napi_value exports) {
  try {
    syscalls::defineExec(env, exports);
    syscalls::defineIoctl(env, exports);
    syscalls::defineLock(env, exports);
    syscalls::defineMemory(env, exports);
    syscalls::definePty(env, exports);
    syscalls::defineRead(env, exports);
    syscalls::defineRegisters(env, exports);
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return exports;
}
