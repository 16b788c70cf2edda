#include "syscalls/register.h"

#include "syscalls/operations.h"

namespace cellvisor::syscalls {

void defineSyscalls(napi_env env, napi_value exports) {
  defineConnect(env, exports);
  defineExec(env, exports);
  defineIoctl(env, exports);
  defineLock(env, exports);
  defineMemory(env, exports);
  definePty(env, exports);
  defineRead(env, exports);
}

}  // namespace cellvisor::syscalls
