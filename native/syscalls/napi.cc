#include "syscalls/napi.h"

#include <climits>
#include <cmath>

namespace syscalls {

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  const napi_extended_error_info* info = nullptr;
  const char* message = "a Node-API call failed";
  if (napi_get_last_error_info(env, &info) == napi_ok && info != nullptr && info->error_message != nullptr) {
    message = info->error_message;
  }
  throw std::runtime_error(message);
}

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  size_t count = kMaximum;
  check(env, napi_get_cb_info(env, info, &count, values_, &self_, nullptr));
}

double Arguments::number(size_t index) const {
  double value = 0;
  if (napi_get_value_double(env_, values_[index], &value) != napi_ok) {
    throw ArgumentError("argument " + std::to_string(index + 1) + " must be a number");
  }
  return value;
}

int Arguments::descriptor(size_t index) const {
  double value = number(index);
  if (!(value >= 0 && value <= INT_MAX) || value != std::floor(value)) {
    throw ArgumentError("argument " + std::to_string(index + 1) + " must be a file descriptor");
  }
  return static_cast<int>(value);
}

uint32_t Arguments::unsigned32(size_t index) const {
  double value = number(index);
  if (!(value >= 0 && value <= UINT32_MAX) || value != std::floor(value)) {
    throw ArgumentError("argument " + std::to_string(index + 1) + " must be an unsigned 32-bit integer");
  }
  return static_cast<uint32_t>(value);
}

uint64_t Arguments::size(size_t index) const {
  constexpr double kMaxSafeInteger = 9007199254740991.0;
  double value = number(index);
  if (!(value >= 0 && value <= kMaxSafeInteger) || value != std::floor(value)) {
    throw ArgumentError("argument " + std::to_string(index + 1) + " must be a non-negative safe integer");
  }
  return static_cast<uint64_t>(value);
}

bool Arguments::boolean(size_t index) const {
  bool value = false;
  if (napi_get_value_bool(env_, values_[index], &value) != napi_ok) {
    throw ArgumentError("argument " + std::to_string(index + 1) + " must be a boolean");
  }
  return value;
}

bool Arguments::isUndefined(size_t index) const {
  napi_valuetype type = napi_undefined;
  check(env_, napi_typeof(env_, values_[index], &type));
  return type == napi_undefined;
}

Bytes bytesOf(napi_env env, napi_value value) {
  napi_typedarray_type type = napi_int8_array;
  size_t length = 0;
  void* data = nullptr;
  bool isTypedArray = false;
  check(env, napi_is_typedarray(env, value, &isTypedArray));
  if (isTypedArray) {
    check(env, napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr));
  }
  if (!isTypedArray || type != napi_uint8_array) throw ArgumentError("bytes must be a Uint8Array");
  return {static_cast<uint8_t*>(data), length};
}

napi_value makeNumber(napi_env env, int64_t value) {
  napi_value result = nullptr;
  check(env, napi_create_int64(env, value, &result));
  return result;
}

napi_value makeString(napi_env env, const std::string& text) {
  napi_value result = nullptr;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &result));
  return result;
}

void setProperty(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

void defineFunction(napi_env env, napi_value object, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function));
  setProperty(env, object, name, function);
}

}  // namespace syscalls
