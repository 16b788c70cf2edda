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

/** Stores the addresses of the buffers that `bytes` points to, and into each buffer those that it points to in turn. */
template <typename Visit>
void storeAddresses(napi::Bytes bytes, const Value& references, const Visit& visit) {
  for (const Value& reference : references.elements()) {
    const uint64_t offset = reference["offset"].unsigned32();
    if (offset > bytes.length || bytes.length - offset < sizeof(uint64_t)) {
      throw napi::typeError("a reference lies outside of the argument");
    }
    const Value buffer = reference["buffer"];
    const Value inner = reference["references"];
    if (!inner.isUndefined()) storeAddresses(buffer.bytes(), inner, visit);
    const uint64_t address = reinterpret_cast<uintptr_t>(buffer.bytes().data);
    std::memcpy(bytes.data + offset, &address, sizeof address);
    visit(buffer);
  }
}

int callIoctl(int fd, uint32_t request, void* argument) noexcept {
  const int result = ::ioctl(fd, request, argument);
  return result < 0 ? -errno : result;
}

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

  void addReferences(napi_env env, const Value& references) {
    storeAddresses({argument_.data(), argument_.size()}, references,
                   [&](const Value& buffer) { pins_.emplace_back(env, buffer.raw()); });
  }

  void run() noexcept override {
    result_ = callIoctl(fd_, request_, hasArgument_ ? argument_.data() : nullptr);
  }

  napi_value result(napi_env env) override { return napi::makeNumber(env, result_); }

 private:
  int fd_;
  uint32_t request_;
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
    task->addReferences(env, arguments.at(3, "references"));
  }
  return runOnPool(env, "ioctl", std::move(task));
}

napi_value ioctlNow(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const int fd = arguments.at(0, "fd").fileDescriptor();
  const uint32_t request = arguments.at(1, "request").unsigned32();
  const Value bytes = arguments.at(2, "bytes");
  if (bytes.isUndefined()) return napi::makeNumber(env, callIoctl(fd, request, nullptr));
  std::vector<uint8_t> argument(bytes.bytes().data, bytes.bytes().data + bytes.bytes().length);
  // Nothing of JavaScript runs before the call is over: its buffers need no pins.
  storeAddresses({argument.data(), argument.size()}, arguments.at(3, "references"), [](const Value&) {});
  return napi::makeNumber(env, callIoctl(fd, request, argument.data()));
}

}  // namespace

void defineIoctl(napi_env env, napi_value exports) {
  defineFunction(env, exports, "ioctl", guarded<ioctlFunction>);
  defineFunction(env, exports, "ioctlNow", guarded<ioctlNow>);
}

}  // namespace cellvisor::syscalls
