#include "napi/value.h"

#include <climits>
#include <cmath>
#include <cstring>

namespace cellvisor::napi {

void Value::expected(const char* what) const { throw typeError(name_ + " must be " + what); }

napi_valuetype Value::type() const {
  napi_valuetype type = napi_undefined;
  check(env_, napi_typeof(env_, value_, &type));
  return type;
}

bool Value::isUndefined() const { return type() == napi_undefined; }

bool Value::boolean() const {
  bool result = false;
  if (napi_get_value_bool(env_, value_, &result) != napi_ok) expected("a boolean");
  return result;
}

std::optional<double> Value::integerUpTo(double maximum) const {
  double number = 0;
  if (napi_get_value_double(env_, value_, &number) != napi_ok) expected("a number");
  if (!(number >= 0 && number <= maximum) || number != std::floor(number)) return std::nullopt;
  return number;
}

uint32_t Value::unsigned32(uint32_t maximum) const {
  const std::optional<double> number = integerUpTo(maximum);
  if (!number) expected(("an integer from 0 to " + std::to_string(maximum)).c_str());
  return static_cast<uint32_t>(*number);
}

uint64_t Value::safeInteger() const {
  constexpr double kMaxSafeInteger = 9007199254740991.0;
  const std::optional<double> number = integerUpTo(kMaxSafeInteger);
  if (!number) expected("a non-negative safe integer");
  return static_cast<uint64_t>(*number);
}

int Value::fileDescriptor() const {
  const std::optional<double> number = integerUpTo(INT_MAX);
  if (!number) expected("a file descriptor");
  return static_cast<int>(*number);
}

uint64_t Value::bigUnsigned64() const {
  uint64_t result = 0;
  bool lossless = false;
  if (napi_get_value_bigint_uint64(env_, value_, &result, &lossless) != napi_ok) expected("a bigint");
  if (!lossless) expected("a bigint from 0 to 2^64 - 1");
  return result;
}

std::string Value::string() const {
  size_t length = 0;
  if (napi_get_value_string_utf8(env_, value_, nullptr, 0, &length) != napi_ok) expected("a string");
  std::string text(length + 1, '\0');
  check(env_, napi_get_value_string_utf8(env_, value_, text.data(), text.size(), &length));
  text.resize(length);
  return text;
}

Bytes Value::bytes() const {
  bool isTypedArray = false;
  check(env_, napi_is_typedarray(env_, value_, &isTypedArray));
  napi_typedarray_type type = napi_int8_array;
  Bytes result;
  void* data = nullptr;
  if (isTypedArray) {
    check(env_, napi_get_typedarray_info(env_, value_, &type, &result.length, &data, nullptr, nullptr));
  }
  if (!isTypedArray || type != napi_uint8_array) expected("a Uint8Array");
  result.data = static_cast<uint8_t*>(data);
  return result;
}

napi_value Value::function() const {
  if (type() != napi_function) expected("a function");
  return value_;
}

Value Value::operator[](const char* property) const {
  if (type() != napi_object) expected("an object");
  napi_value result = nullptr;
  check(env_, napi_get_named_property(env_, value_, property, &result));
  return Value(env_, result, name_ + "." + property);
}

std::vector<Value> Value::elements() const {
  bool isArray = false;
  check(env_, napi_is_array(env_, value_, &isArray));
  if (!isArray) expected("an array");
  uint32_t length = 0;
  check(env_, napi_get_array_length(env_, value_, &length));
  std::vector<Value> result;
  for (uint32_t index = 0; index < length; index++) {
    napi_value element = nullptr;
    check(env_, napi_get_element(env_, value_, index, &element));
    result.emplace_back(env_, element, name_ + "[" + std::to_string(index) + "]");
  }
  return result;
}

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  size_t count = kMaximum;
  check(env, napi_get_cb_info(env, info, &count, values_, &self_, nullptr));
}

void* Arguments::wrapped() const {
  void* data = nullptr;
  if (napi_unwrap(env_, self_, &data) != napi_ok) throw typeError("called on an object that it does not belong to");
  return data;
}

napi_value makeUndefined(napi_env env) {
  napi_value result = nullptr;
  check(env, napi_get_undefined(env, &result));
  return result;
}

napi_value makeNumber(napi_env env, double value) {
  napi_value result = nullptr;
  check(env, napi_create_double(env, value, &result));
  return result;
}

napi_value makeBigint(napi_env env, uint64_t value) {
  napi_value result = nullptr;
  check(env, napi_create_bigint_uint64(env, value, &result));
  return result;
}

napi_value makeBoolean(napi_env env, bool value) {
  napi_value result = nullptr;
  check(env, napi_get_boolean(env, value, &result));
  return result;
}

napi_value makeString(napi_env env, const std::string& text) {
  napi_value result = nullptr;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &result));
  return result;
}

napi_value makeBytes(napi_env env, const uint8_t* data, size_t length) {
  napi_value buffer = nullptr;
  void* target = nullptr;
  check(env, napi_create_arraybuffer(env, length, &target, &buffer));
  if (length > 0) std::memcpy(target, data, length);
  napi_value result = nullptr;
  check(env, napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &result));
  return result;
}

napi_value makeArray(napi_env env, size_t length) {
  napi_value result = nullptr;
  check(env, napi_create_array_with_length(env, length, &result));
  return result;
}

napi_value makeObject(napi_env env) {
  napi_value result = nullptr;
  check(env, napi_create_object(env, &result));
  return result;
}

void set(napi_env env, napi_value object, const char* property, napi_value value) {
  check(env, napi_set_named_property(env, object, property, value));
}

void setElement(napi_env env, napi_value array, size_t index, napi_value value) {
  check(env, napi_set_element(env, array, static_cast<uint32_t>(index), value));
}

void defineFunction(napi_env env, napi_value object, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function));
  set(env, object, name, function);
}

}  // namespace cellvisor::napi
