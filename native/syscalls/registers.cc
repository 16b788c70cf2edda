#include <atomic>
#include <memory>

#include "napi/value.h"
#include "syscalls/mapping.h"
#include "syscalls/operations.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::check;
using napi::defineFunction;
using napi::guarded;

namespace {

/** Orders a register access against accesses to ordinary shared memory before and after it. */
inline void deviceBarrier() {
#if defined(__aarch64__)
  __asm__ volatile("dmb osh" ::: "memory");
#else
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

volatile uint32_t* registerAt(const Arguments& arguments) {
  auto* mapping = static_cast<Mapping*>(arguments.wrapped());
  uint64_t offset = arguments.at(0, "offset").safeInteger();
  if (offset % sizeof(uint32_t) != 0 || offset >= mapping->length() || mapping->length() - offset < sizeof(uint32_t)) {
    throw napi::typeError("offset must be a multiple of 4 within the window");
  }
  return reinterpret_cast<volatile uint32_t*>(static_cast<uint8_t*>(mapping->address()) + offset);
}

napi_value read32(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  volatile uint32_t* location = registerAt(arguments);
  deviceBarrier();
  uint32_t value = *location;
  deviceBarrier();
  return napi::makeNumber(env, value);
}

napi_value write32(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  volatile uint32_t* location = registerAt(arguments);
  uint32_t value = arguments.at(1, "value").unsigned32();
  deviceBarrier();
  *location = value;
  deviceBarrier();
  return nullptr;
}

napi_value unmapRegisters(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  static_cast<Mapping*>(arguments.wrapped())->unmap();
  return nullptr;
}

napi_value mapRegisters(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const int fd = arguments.at(0, "fd").fileDescriptor();
  const uint64_t offset = arguments.at(1, "offset").safeInteger();
  const uint64_t lengthBytes = arguments.at(2, "lengthBytes").safeInteger();
  auto mapping = std::make_unique<Mapping>();
  int result = mapping->map(fd, offset, lengthBytes, true);
  if (result < 0) return napi::makeNumber(env, result);

  const napi_value object = napi::makeObject(env);
  auto finalize = [](napi_env, void* wrapped, void*) {
    std::unique_ptr<Mapping> ended(static_cast<Mapping*>(wrapped));
  };
  check(env, napi_wrap(env, object, mapping.get(), finalize, nullptr, nullptr));
  mapping.release();
  defineFunction(env, object, "read32", guarded<read32>);
  defineFunction(env, object, "write32", guarded<write32>);
  defineFunction(env, object, "unmap", guarded<unmapRegisters>);
  return object;
}

}  // namespace

void defineRegisters(napi_env env, napi_value exports) {
  defineFunction(env, exports, "mapRegisters", guarded<mapRegisters>);
}

}  // namespace cellvisor::syscalls
