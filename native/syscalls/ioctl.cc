#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "syscalls/napi.h"
#include "syscalls/operations.h"
#include "syscalls/task.h"

namespace syscalls {
namespace {

/// Holds a JavaScript value alive for as long as the kernel may read its bytes.
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

  void setArgument(Bytes bytes) {
    hasArgument_ = true;
    if (bytes.length > 0) argument_.assign(bytes.data, bytes.data + bytes.length);
  }

  void addReference(napi_env env, uint64_t offset, napi_value buffer) {
    if (offset > argument_.size() || argument_.size() - offset < sizeof(uint64_t)) {
      throw ArgumentError("a reference lies outside of the argument");
    }
    uint64_t address = reinterpret_cast<uintptr_t>(bytesOf(env, buffer).data);
    std::memcpy(argument_.data() + offset, &address, sizeof address);
    pins_.emplace_back(env, buffer);
  }

  void run() noexcept override {
    void* argument = hasArgument_ ? argument_.data() : nullptr;
    int result = ::ioctl(fd_, request_, argument);
    result_ = result < 0 ? -errno : result;
  }

  napi_value result(napi_env env) override { return makeNumber(env, result_); }

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
  auto task = std::make_unique<IoctlTask>(arguments.descriptor(0), arguments.unsigned32(1));
  if (!arguments.isUndefined(2)) {
    task->setArgument(bytesOf(env, arguments.at(2)));
    uint32_t count = 0;
    check(env, napi_get_array_length(env, arguments.at(3), &count));
    for (uint32_t i = 0; i < count; ++i) {
      napi_value reference = nullptr;
      napi_value offset = nullptr;
      napi_value buffer = nullptr;
      uint32_t offsetBytes = 0;
      check(env, napi_get_element(env, arguments.at(3), i, &reference));
      check(env, napi_get_named_property(env, reference, "offset", &offset));
      check(env, napi_get_named_property(env, reference, "buffer", &buffer));
      check(env, napi_get_value_uint32(env, offset, &offsetBytes));
      task->addReference(env, offsetBytes, buffer);
    }
  }
  return runOnPool(env, "ioctl", std::move(task));
}

}  // namespace

void defineIoctl(napi_env env, napi_value exports) { defineFunction(env, exports, "ioctl", guarded<ioctlFunction>); }

}  // namespace syscalls
