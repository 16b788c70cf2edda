#include <memory>

#include "syscalls/mapping.h"
#include "syscalls/napi.h"
#include "syscalls/operations.h"

namespace syscalls {
namespace {

using SharedMapping = std::shared_ptr<Mapping>;

/// Two JavaScript objects refer to a mapping, its ArrayBuffer and the object with `unmap`: each holds one share.
void dropShare(napi_env, void*, void* share) { std::unique_ptr<SharedMapping> ended(static_cast<SharedMapping*>(share)); }

void dropWrappedShare(napi_env, void* share, void*) {
  std::unique_ptr<SharedMapping> ended(static_cast<SharedMapping*>(share));
}

napi_value unmapMemory(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  void* share = nullptr;
  check(env, napi_unwrap(env, arguments.self(), &share));
  napi_value buffer = nullptr;
  check(env, napi_get_named_property(env, arguments.self(), "buffer", &buffer));
  bool detached = false;
  check(env, napi_is_detached_arraybuffer(env, buffer, &detached));
  // First no JavaScript can reach the pages any more, then they go.
  if (!detached) check(env, napi_detach_arraybuffer(env, buffer));
  (*static_cast<SharedMapping*>(share))->unmap();
  return nullptr;
}

napi_value mapMemory(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  auto mapping = std::make_shared<Mapping>();
  int result = mapping->map(arguments.descriptor(0), arguments.size(1), arguments.size(2), arguments.boolean(3));
  if (result < 0) return makeNumber(env, result);

  napi_value object = nullptr;
  check(env, napi_create_object(env, &object));
  auto share = std::make_unique<SharedMapping>(mapping);
  check(env, napi_wrap(env, object, share.get(), dropWrappedShare, nullptr, nullptr));
  share.release();

  napi_value buffer = nullptr;
  share = std::make_unique<SharedMapping>(mapping);
  check(env, napi_create_external_arraybuffer(env, mapping->address(), mapping->length(), dropShare, share.get(), &buffer));
  share.release();

  setProperty(env, object, "buffer", buffer);
  defineFunction(env, object, "unmap", guarded<unmapMemory>);
  return object;
}

}  // namespace

void defineMemory(napi_env env, napi_value exports) { defineFunction(env, exports, "mapMemory", guarded<mapMemory>); }

}  // namespace syscalls
