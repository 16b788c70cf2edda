#include <sys/file.h>

#include <cerrno>

#include "napi/value.h"
#include "syscalls/operations.h"
#include "syscalls/task.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::defineFunction;
using napi::guarded;

namespace {

class LockTask : public Task {
 public:
  explicit LockTask(int fd) : fd_(fd) {}

  void run() noexcept override {
    int result = 0;
    do {
      result = ::flock(fd_, LOCK_EX);
    } while (result < 0 && errno == EINTR);
    result_ = result < 0 ? -errno : 0;
  }

  napi_value result(napi_env env) override { return napi::makeNumber(env, result_); }

 private:
  int fd_;
  int result_ = 0;
};

napi_value lockFile(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  return runOnThread(env, "lockFile", std::make_unique<LockTask>(arguments.at(0, "fd").fileDescriptor()));
}

}  // namespace

void defineLock(napi_env env, napi_value exports) { defineFunction(env, exports, "lockFile", guarded<lockFile>); }

}  // namespace cellvisor::syscalls
