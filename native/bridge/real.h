#pragma once

#include <dlfcn.h>

namespace bridge {

/// The function that the program would have called without this library: libc's, or that of the next preloaded library.
template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace bridge

/// Declares `real_NAME`, the next definition of a function, looked up once. Two threads that look it up at the same time find
/// the same (the library is built without locks around statics, as they would not be safe in a signal handler).
#define BRIDGE_REAL(name) static auto* const real_##name = ::bridge::next<decltype(::name)>(#name)

/// What programs see of this library: the system call functions of libc, and nothing else.
#define BRIDGE_EXPORT extern "C" __attribute__((visibility("default")))
