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

using SharedMapping = std::shared_ptr<Mapping>;

/** Two JavaScript objects refer to a mapping, its ArrayBuffer and the object with `unmap`: each holds one share. */
void dropShare(napi_env, void*, void* share) { std::unique_ptr<SharedMapping> ended(static_cast<SharedMapping*>(share)); }

void dropWrappedShare(napi_env, void* share, void*) {
  std::unique_ptr<SharedMapping> ended(static_cast<SharedMapping*>(share));
}

napi_value unmapMemory(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  auto* share = static_cast<SharedMapping*>(arguments.wrapped());
  napi_value buffer = nullptr;
  check(env, napi_get_named_property(env, arguments.self(), "buffer", &buffer));
  bool detached = false;
  check(env, napi_is_detached_arraybuffer(env, buffer, &detached));
  // First no JavaScript can reach the pages any more, then they go.
  if (!detached) check(env, napi_detach_arraybuffer(env, buffer));
  (*share)->unmap();
  return nullptr;
}

/** The JavaScript object of a mapping: `buffer`, `unmap`. */
napi_value makeMapping(napi_env env, std::shared_ptr<Mapping> mapping) {
  const napi_value object = napi::makeObject(env);
  auto share = std::make_unique<SharedMapping>(mapping);
  check(env, napi_wrap(env, object, share.get(), dropWrappedShare, nullptr, nullptr));
  share.release();

  napi_value buffer = nullptr;
  share = std::make_unique<SharedMapping>(mapping);
  check(env, napi_create_external_arraybuffer(env, mapping->address(), mapping->length(), dropShare, share.get(), &buffer));
  share.release();

  napi::set(env, object, "buffer", buffer);
  defineFunction(env, object, "unmap", guarded<unmapMemory>);
  return object;
}

napi_value mapMemory(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const int fd = arguments.at(0, "fd").fileDescriptor();
  const uint64_t offset = arguments.at(1, "offset").safeInteger();
  const uint64_t lengthBytes = arguments.at(2, "lengthBytes").safeInteger();
  const bool isWritable = arguments.at(3, "isWritable").boolean();
  auto mapping = std::make_shared<Mapping>();
  int result = mapping->map(fd, offset, lengthBytes, isWritable);
  return result < 0 ? napi::makeNumber(env, result) : makeMapping(env, mapping);
}

napi_value allocateLocked(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  auto mapping = std::make_shared<Mapping>();
  const int result = mapping->mapLocked(arguments.at(0, "lengthBytes").safeInteger());
  return result < 0 ? napi::makeNumber(env, result) : makeMapping(env, mapping);
}

}  // namespace

void defineMemory(napi_env env, napi_value exports) {
  defineFunction(env, exports, "mapMemory", guarded<mapMemory>);
  defineFunction(env, exports, "allocateLocked", guarded<allocateLocked>);
}

}  // namespace cellvisor::syscalls
