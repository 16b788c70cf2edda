#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "napi/error.h"

namespace cellvisor::napi {

/** The bytes of a Uint8Array or Buffer; valid as long as its JavaScript value is. */
struct Bytes {
  uint8_t* data = nullptr;
  size_t length = 0;
};

/** A JavaScript value with the name that errors call it by. Every conversion throws a TypeError that says the name. */
class Value {
 public:
  Value(napi_env env, napi_value value, std::string name) : env_(env), value_(value), name_(std::move(name)) {}

  napi_value raw() const { return value_; }
  const std::string& name() const { return name_; }

  bool isUndefined() const;
  bool boolean() const;
  /** A non-negative integer number up to `maximum`. */
  uint32_t unsigned32(uint32_t maximum = UINT32_MAX) const;
  /** A non-negative safe integer. */
  uint64_t safeInteger() const;
  /** A number that could be one; whether it is open is for the system call to say. */
  int fileDescriptor() const;
  /** A bigint from 0 to 2^64 - 1. */
  uint64_t bigUnsigned64() const;
  std::string string() const;
  Bytes bytes() const;
  /** The value itself, if it is a function. */
  napi_value function() const;

  /** A property; the error of a missing one comes from its conversion. */
  Value operator[](const char* property) const;
  std::vector<Value> elements() const;

 private:
  [[noreturn]] void expected(const char* what) const;
  napi_valuetype type() const;
  /** The number, or nothing if it is no integer from 0 to `maximum`. */
  std::optional<double> integerUpTo(double maximum) const;

  napi_env env_;
  napi_value value_;
  std::string name_;
};

/** `this` and the arguments of one call. */
class Arguments {
 public:
  static constexpr size_t kMaximum = 4;
  Arguments(napi_env env, napi_callback_info info);

  napi_value self() const { return self_; }
  /** What napi_wrap put behind `this`; a TypeError when nothing is there. */
  void* wrapped() const;
  /** Arguments beyond those given are undefined. */
  Value at(size_t index, const char* name) const { return Value(env_, values_[index], name); }

 private:
  napi_env env_;
  napi_value self_ = nullptr;
  napi_value values_[kMaximum] = {};
};

napi_value makeUndefined(napi_env env);
napi_value makeNumber(napi_env env, double value);
napi_value makeBigint(napi_env env, uint64_t value);
napi_value makeBoolean(napi_env env, bool value);
napi_value makeString(napi_env env, const std::string& text);
napi_value makeBytes(napi_env env, const uint8_t* data, size_t length);
napi_value makeArray(napi_env env, size_t length);
napi_value makeObject(napi_env env);
void set(napi_env env, napi_value object, const char* property, napi_value value);
void setElement(napi_env env, napi_value array, size_t index, napi_value value);
/** Adds a function to an object; `callback` is usually `guarded`. */
void defineFunction(napi_env env, napi_value object, const char* name, napi_callback callback);

}  // namespace cellvisor::napi
