#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>

namespace bridge {

/// close(2) of a descriptor of this library. Leaves errno as it is.
void closeOwn(int fd);

/// fstat(2), whatever the name of its function in this version of libc.
int statusOf(int fd, struct stat& status);

/// The name of an errno, or nullptr; and the number of a name, or 0.
const char* errorName(int number);
int errorNumber(const char* name);

/// Gives a result as the functions of libc do: -1 and errno for a negative one.
template <typename Result>
Result asLibc(Result result) {
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace bridge
