#include "own.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "real.h"

namespace bridge {
namespace {

struct Error {
  const char* name;
  int number;
};

/// What the drivers and the kernel's file layer give.
constexpr Error kErrors[] = {
    {"EPERM", EPERM},   {"ENOENT", ENOENT}, {"EINTR", EINTR},   {"EIO", EIO},         {"ENXIO", ENXIO},
    {"E2BIG", E2BIG},   {"EBADF", EBADF},   {"EAGAIN", EAGAIN}, {"ENOMEM", ENOMEM},   {"EACCES", EACCES},
    {"EFAULT", EFAULT}, {"EBUSY", EBUSY},   {"EEXIST", EEXIST}, {"ENODEV", ENODEV},   {"ENOTDIR", ENOTDIR},
    {"EISDIR", EISDIR}, {"EINVAL", EINVAL}, {"ENFILE", ENFILE}, {"EMFILE", EMFILE},   {"ENOTTY", ENOTTY},
    {"EFBIG", EFBIG},   {"ENOSPC", ENOSPC}, {"ENOSYS", ENOSYS}, {"ENODATA", ENODATA}, {"EPROTO", EPROTO},
};

}  // namespace

void closeOwn(int fd) {
  BRIDGE_REAL(close);
  int before = errno;
  real_close(fd);
  errno = before;
}

int statusOf(int fd, struct stat& status) {
  BRIDGE_REAL(syscall);
  return static_cast<int>(real_syscall(SYS_fstat, fd, &status));
}

const char* errorName(int number) {
  for (const Error& error : kErrors) {
    if (error.number == number) return error.name;
  }
  return nullptr;
}

int errorNumber(const char* name) {
  for (const Error& error : kErrors) {
    if (std::strcmp(error.name, name) == 0) return error.number;
  }
  return 0;
}

}  // namespace bridge
