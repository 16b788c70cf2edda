#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "napi/value.h"
#include "syscalls/operations.h"
#include "syscalls/task.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::check;
using napi::defineFunction;
using napi::guarded;
using napi::Value;

namespace {

/** Holds a JavaScript value alive for as long as the kernel may read its bytes. */
class Pin {
 public:
  Pin(napi_env env, napi_value value) : env_(env) { check(env, napi_create_reference(env, value, 1, &reference_)); }
  Pin(Pin&& other) noexcept : env_(other.env_), reference_(std::exchange(other.reference_, nullptr)) {}
  Pin(const Pin&) = delete;
  ~Pin() {
    if (reference_ != nullptr) napi_delete_reference(env_, reference_);
  }

 private:
  napi_env env_;
  napi_ref reference_ = nullptr;
};

class IoctlTask : public Task {
 public:
  IoctlTask(int fd, uint32_t request) : fd_(fd), request_(request) {}

  void setArgument(napi::Bytes bytes) {
    hasArgument_ = true;
    if (bytes.length > 0) argument_.assign(bytes.data, bytes.data + bytes.length);
  }

  void addReference(napi_env env, uint64_t offset, const Value& buffer) {
    if (offset > argument_.size() || argument_.size() - offset < sizeof(uint64_t)) {
      throw napi::typeError("a reference lies outside of the argument");
    }
    uint64_t address = reinterpret_cast<uintptr_t>(buffer.bytes().data);
    std::memcpy(argument_.data() + offset, &address, sizeof address);
    pins_.emplace_back(env, buffer.raw());
  }

  void run() noexcept override {
    void* argument = hasArgument_ ? argument_.data() : nullptr;
    int result = ::ioctl(fd_, request_, argument);
    result_ = result < 0 ? -errno : result;
  }

  napi_value result(napi_env env) override { return napi::makeNumber(env, result_); }

 private:
  int fd_;
  unsigned long request_;
  bool hasArgument_ = false;
  std::vector<uint8_t> argument_;
  std::vector<Pin> pins_;
  int result_ = 0;
};

napi_value ioctlFunction(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const int fd = arguments.at(0, "fd").fileDescriptor();
  auto task = std::make_unique<IoctlTask>(fd, arguments.at(1, "request").unsigned32());
  const Value bytes = arguments.at(2, "bytes");
  if (!bytes.isUndefined()) {
    task->setArgument(bytes.bytes());
    for (const Value& reference : arguments.at(3, "references").elements()) {
      task->addReference(env, reference["offset"].unsigned32(), reference["buffer"]);
    }
  }
  return runOnPool(env, "ioctl", std::move(task));
}

}  // namespace

void defineIoctl(napi_env env, napi_value exports) { defineFunction(env, exports, "ioctl", guarded<ioctlFunction>); }

}  // namespace cellvisor::syscalls
