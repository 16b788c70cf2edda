#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdint>

#include "real.h"
#include "settings.h"

namespace {

template <typename Pointer>
Pointer pointer(long value) {
  return reinterpret_cast<Pointer>(static_cast<uintptr_t>(value));
}

}  // namespace

/// Programs that make system calls by number, as libuv does for statx(2): those that this library stands in for go the same way.
BRIDGE_EXPORT long syscall(long number, ...) noexcept {
  BRIDGE_REAL(syscall);
  long a[6];
  va_list list;
  va_start(list, number);
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  if (bridge::isActive()) {
    auto first = static_cast<int>(a[0]);
    switch (number) {
      case SYS_openat: return openat(first, pointer<const char*>(a[1]), static_cast<int>(a[2]), static_cast<mode_t>(a[3]));
      case SYS_read: return read(first, pointer<void*>(a[1]), static_cast<size_t>(a[2]));
      case SYS_ioctl: return ioctl(first, static_cast<unsigned long>(a[1]), pointer<void*>(a[2]));
      case SYS_statx:
        return statx(first, pointer<const char*>(a[1]), static_cast<int>(a[2]), static_cast<unsigned>(a[3]),
                     pointer<struct statx*>(a[4]));
      case SYS_newfstatat:
        return fstatat(first, pointer<const char*>(a[1]), pointer<struct stat*>(a[2]), static_cast<int>(a[3]));
      case SYS_fstat: return fstat(first, pointer<struct stat*>(a[1]));
      case SYS_mmap:
        return reinterpret_cast<intptr_t>(mmap(pointer<void*>(a[0]), static_cast<size_t>(a[1]), static_cast<int>(a[2]),
                                               static_cast<int>(a[3]), static_cast<int>(a[4]), a[5]));
      case SYS_munmap: return munmap(pointer<void*>(a[0]), static_cast<size_t>(a[1]));
      default: break;
    }
  }
  return real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
