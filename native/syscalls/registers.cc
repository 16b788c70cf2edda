#include <atomic>
#include <memory>

#include "syscalls/mapping.h"
#include "syscalls/napi.h"
#include "syscalls/operations.h"

namespace syscalls {
namespace {

/// Orders a register access against accesses to ordinary shared memory before and after it.
inline void deviceBarrier() {
#if defined(__aarch64__)
  __asm__ volatile("dmb osh" ::: "memory");
#else
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

volatile uint32_t* registerAt(napi_env env, const Arguments& arguments) {
  void* wrapped = nullptr;
  check(env, napi_unwrap(env, arguments.self(), &wrapped));
  auto* mapping = static_cast<Mapping*>(wrapped);
  uint64_t offset = arguments.size(0);
  if (offset % sizeof(uint32_t) != 0 || offset >= mapping->length() || mapping->length() - offset < sizeof(uint32_t)) {
    throw ArgumentError("a register offset must be a multiple of 4 within the window");
  }
  return reinterpret_cast<volatile uint32_t*>(static_cast<uint8_t*>(mapping->address()) + offset);
}

napi_value read32(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  volatile uint32_t* location = registerAt(env, arguments);
  deviceBarrier();
  uint32_t value = *location;
  deviceBarrier();
  return makeNumber(env, value);
}

napi_value write32(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  volatile uint32_t* location = registerAt(env, arguments);
  uint32_t value = arguments.unsigned32(1);
  deviceBarrier();
  *location = value;
  deviceBarrier();
  return nullptr;
}

napi_value unmapRegisters(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  void* wrapped = nullptr;
  check(env, napi_unwrap(env, arguments.self(), &wrapped));
  static_cast<Mapping*>(wrapped)->unmap();
  return nullptr;
}

napi_value mapRegisters(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  auto mapping = std::make_unique<Mapping>();
  int result = mapping->map(arguments.descriptor(0), arguments.size(1), arguments.size(2), true);
  if (result < 0) return makeNumber(env, result);

  napi_value object = nullptr;
  check(env, napi_create_object(env, &object));
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

}  // namespace syscalls
