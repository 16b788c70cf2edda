#pragma once

#include <node_api.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

namespace cellvisor::napi {

enum class ErrorKind { kError, kTypeError, kRangeError };

/** Becomes a JavaScript exception at the boundary (see `guarded`). */
class JsError : public std::runtime_error {
 public:
  JsError(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

inline JsError typeError(const std::string& message) { return JsError(ErrorKind::kTypeError, message); }
inline JsError rangeError(const std::string& message) { return JsError(ErrorKind::kRangeError, message); }
inline JsError plainError(const std::string& message) { return JsError(ErrorKind::kError, message); }

/** Throws when a Node-API call failed; an exception that JavaScript has pending already is left as it is. */
void check(napi_env env, napi_status status);

/** Throws `error` into JavaScript unless an exception is pending already. */
void raise(napi_env env, const std::exception& error) noexcept;

/** Wraps a function that may throw into a callback that JavaScript can call. */
template <napi_value (*Body)(napi_env, napi_callback_info)>
napi_value guarded(napi_env env, napi_callback_info info) noexcept {
  try {
    return Body(env, info);
  } catch (const std::exception& error) {
    raise(env, error);
    return nullptr;
  }
}

}  // namespace cellvisor::napi
