#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "napi/value.h"
#include "syscalls/descriptor.h"
#include "syscalls/interruption.h"
#include "syscalls/operations.h"
#include "syscalls/task.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::check;
using napi::defineFunction;
using napi::guarded;

namespace {

napi_value makeBuffer(napi_env env, const std::vector<uint8_t>& content, ssize_t length) {
  void* copy = nullptr;
  napi_value buffer = nullptr;
  check(env, napi_create_buffer_copy(env, static_cast<size_t>(length), content.data(), &copy, &buffer));
  return buffer;
}

/** How a read is ended early: the descriptor wakes it out of poll(2), the interruption out of read(2). */
struct Cancellation {
  Descriptor event;
  std::shared_ptr<Interruption> interruption = std::make_shared<Interruption>();
};

/**
 * Waits until the descriptor is readable or the read is cancelled, unless it is non-blocking; then reads once. A driver
 * without a poll handler (jailhouse-abi reference 1) counts as readable and blocks in read(2) itself.
 */
class ReadTask : public Task {
 public:
  ReadTask(int fd, size_t length, std::shared_ptr<Cancellation> cancellation)
      : fd_(fd), content_(length), cancellation_(std::move(cancellation)) {}

  void run() noexcept override {
    if (!isNonBlocking() && !isReadable()) return;
    Interruption& interruption = *cancellation_->interruption;
    if (!interruption.enter()) {
      result_ = -EINTR;
      return;
    }
    ssize_t length = ::read(fd_, content_.data(), content_.size());
    result_ = length < 0 ? -errno : length;
    interruption.leave();
  }

  napi_value result(napi_env env) override {
    // Not when the object with `cancel` is collected: thousands of reads may have ended until then.
    cancellation_->event = Descriptor();
    if (result_ < 0) return napi::makeNumber(env, result_);
    return makeBuffer(env, content_, result_);
  }

 private:
  bool isNonBlocking() const {
    int flags = ::fcntl(fd_, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) != 0;
  }

  /** Waits. False with `result_` set when the wait ended otherwise. */
  bool isReadable() {
    pollfd waits[2] = {{fd_, POLLIN, 0}, {cancellation_->event.get(), POLLIN, 0}};
    int ready = 0;
    do {
      ready = ::poll(waits, 2, -1);
    } while (ready < 0 && errno == EINTR);
    bool isCancelled = (waits[1].revents & POLLIN) != 0;
    if (ready < 0) result_ = -errno;
    if (ready >= 0 && isCancelled) result_ = -EINTR;
    return ready >= 0 && !isCancelled;
  }

  int fd_;
  std::vector<uint8_t> content_;
  std::shared_ptr<Cancellation> cancellation_;
  ssize_t result_ = 0;
};

napi_value cancelRead(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  Cancellation& cancellation = **static_cast<std::shared_ptr<Cancellation>*>(arguments.wrapped());
  if (!cancellation.event) return napi::makeNumber(env, 0);
  uint64_t one = 1;
  ssize_t written = ::write(cancellation.event.get(), &one, sizeof one);
  cancellation.interruption->interrupt();
  return napi::makeNumber(env, written < 0 ? -errno : 0);
}

size_t lengthOf(const Arguments& arguments) {
  constexpr uint64_t kLargestRead = 1 << 20;
  return static_cast<size_t>(std::min(arguments.at(1, "lengthBytes").safeInteger(), kLargestRead));
}

/** Waits on this thread, and reads once. EAGAIN when nothing came in that time. */
napi_value readWithin(napi_env env, napi_callback_info info) {
  constexpr uint32_t kLongestWaitMs = 1000;
  Arguments arguments(env, info);
  int fd = arguments.at(0, "fd").fileDescriptor();
  std::vector<uint8_t> content(lengthOf(arguments));
  pollfd wait = {fd, POLLIN, 0};
  int ready = ::poll(&wait, 1, static_cast<int>(arguments.at(2, "waitMs").unsigned32(kLongestWaitMs)));
  if (ready <= 0) return napi::makeNumber(env, ready == 0 ? -EAGAIN : -errno);
  ssize_t length = ::read(fd, content.data(), content.size());
  return length < 0 ? napi::makeNumber(env, -errno) : makeBuffer(env, content, length);
}

/** One read(2) on this thread, into the caller's bytes: after it, the least is done that can be. */
napi_value readHere(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  int fd = arguments.at(0, "fd").fileDescriptor();
  const napi::Bytes into = arguments.at(1, "into").bytes();
  ssize_t length = ::read(fd, into.data, into.length);
  return napi::makeNumber(env, length < 0 ? -errno : static_cast<double>(length));
}

/** Starts a read and returns { result: Promise, cancel() }. */
napi_value readFunction(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  int fd = arguments.at(0, "fd").fileDescriptor();
  size_t length = lengthOf(arguments);
  auto cancellation = std::make_shared<Cancellation>();
  cancellation->event = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!cancellation->event) return napi::makeNumber(env, -errno);

  const napi_value object = napi::makeObject(env);
  auto share = std::make_unique<std::shared_ptr<Cancellation>>(cancellation);
  auto finalize = [](napi_env, void* wrapped, void*) {
    std::unique_ptr<std::shared_ptr<Cancellation>> ended(static_cast<std::shared_ptr<Cancellation>*>(wrapped));
  };
  check(env, napi_wrap(env, object, share.get(), finalize, nullptr, nullptr));
  share.release();
  defineFunction(env, object, "cancel", guarded<cancelRead>);
  auto task = std::make_unique<ReadTask>(fd, length, std::move(cancellation));
  napi::set(env, object, "result", runOnThread(env, "read", std::move(task)));
  return object;
}

}  // namespace

void defineRead(napi_env env, napi_value exports) {
  defineFunction(env, exports, "read", guarded<readFunction>);
  defineFunction(env, exports, "readHere", guarded<readHere>);
  defineFunction(env, exports, "readWithin", guarded<readWithin>);
}

}  // namespace cellvisor::syscalls
