#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

/// The few conversions between JavaScript and C++ that the operations of this folder share.
///
/// Conventions: a failed system call gives the negative errno as its result (JavaScript turns it into a KernelError with a
/// name for the operation); an argument of the wrong type is a programming error and throws a TypeError.
namespace syscalls {

/// Thrown for arguments of the wrong type; becomes a TypeError.
struct ArgumentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws when a Node-API call failed; a JavaScript exception that is already pending stays as it is.
void check(napi_env env, napi_status status);

/// The arguments of one call, converted with checks.
class Arguments {
 public:
  static constexpr size_t kMaximum = 4;

  Arguments(napi_env env, napi_callback_info info);

  napi_value self() const { return self_; }
  napi_value at(size_t index) const { return values_[index]; }
  int descriptor(size_t index) const;
  uint32_t unsigned32(size_t index) const;
  /// A non-negative integer that a double holds exactly.
  uint64_t size(size_t index) const;
  bool boolean(size_t index) const;
  bool isUndefined(size_t index) const;

 private:
  double number(size_t index) const;

  napi_env env_;
  napi_value self_ = nullptr;
  napi_value values_[kMaximum] = {};
};

struct Bytes {
  uint8_t* data = nullptr;
  size_t length = 0;
};

/// The bytes of a Uint8Array or Buffer.
Bytes bytesOf(napi_env env, napi_value value);

napi_value makeNumber(napi_env env, int64_t value);
napi_value makeString(napi_env env, const std::string& text);
void setProperty(napi_env env, napi_value object, const char* name, napi_value value);

using Function = napi_value (*)(napi_env, napi_callback_info);

/// Keeps C++ exceptions from crossing into C.
template <Function function>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return function(env, info);
  } catch (const std::exception& error) {
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) {
      napi_throw_type_error(env, nullptr, error.what());
    }
    return nullptr;
  }
}

void defineFunction(napi_env env, napi_value object, const char* name, napi_callback callback);

}  // namespace syscalls
