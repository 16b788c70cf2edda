#include "napi/error.h"

namespace cellvisor::napi {

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  const napi_extended_error_info* info = nullptr;
  const char* message = "a Node-API call failed";
  if (napi_get_last_error_info(env, &info) == napi_ok && info != nullptr && info->error_message != nullptr) {
    message = info->error_message;
  }
  throw plainError(message);
}

void raise(napi_env env, const std::exception& error) noexcept {
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) != napi_ok || pending) return;
  const auto* own = dynamic_cast<const JsError*>(&error);
  const ErrorKind kind = own != nullptr ? own->kind() : ErrorKind::kError;
  switch (kind) {
    case ErrorKind::kTypeError:
      napi_throw_type_error(env, nullptr, error.what());
      break;
    case ErrorKind::kRangeError:
      napi_throw_range_error(env, nullptr, error.what());
      break;
    case ErrorKind::kError:
      napi_throw_error(env, nullptr, error.what());
      break;
  }
}

}  // namespace cellvisor::napi
