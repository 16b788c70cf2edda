#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "calls/open.h"
#include "descriptor.h"
#include "own.h"
#include "paths.h"
#include "real.h"

namespace bridge {
namespace {

/// -1 for a mode that fopen(3) does not know.
int flagsOf(const char* mode) {
  int flags = 0;
  switch (mode[0]) {
    case 'r': flags = O_RDONLY; break;
    case 'w': flags = O_WRONLY | O_CREAT | O_TRUNC; break;
    case 'a': flags = O_WRONLY | O_CREAT | O_APPEND; break;
    default: return -1;
  }
  if (std::strchr(mode, '+') != nullptr) flags = (flags & ~O_ACCMODE) | O_RDWR;
  if (std::strchr(mode, 'e') != nullptr) flags |= O_CLOEXEC;
  return flags;
}

int descriptorOf(void* cookie) { return static_cast<int>(reinterpret_cast<intptr_t>(cookie)); }

// libc's own streams read and write without the functions that a library can stand in for: these come back to ours.
ssize_t readStream(void* cookie, char* bytes, size_t length) { return ::read(descriptorOf(cookie), bytes, length); }
ssize_t writeStream(void* cookie, const char* bytes, size_t length) {
  ssize_t written = ::write(descriptorOf(cookie), bytes, length);
  return written < 0 ? 0 : written;
}
int seekStream(void* cookie, off64_t* position, int whence) {
  off64_t reached = ::lseek64(descriptorOf(cookie), *position, whence);
  if (reached < 0) return -1;
  *position = reached;
  return 0;
}
int closeStream(void* cookie) { return ::close(descriptorOf(cookie)); }

FILE* openStream(const std::string& path, const char* mode) {
  int flags = flagsOf(mode);
  int fd = flags < 0 ? -EINVAL : openBoardFile(path, flags);
  if (fd < 0) {
    errno = -fd;
    return nullptr;
  }
  FILE* stream = ::fopencookie(reinterpret_cast<void*>(static_cast<intptr_t>(fd)), mode,
                               {readStream, writeStream, seekStream, closeStream});
  if (stream == nullptr) closeOwn(fd);
  return stream;
}

}  // namespace
}  // namespace bridge

BRIDGE_EXPORT FILE* fopen(const char* path, const char* mode) {
  BRIDGE_REAL(fopen);
  std::string ours = bridge::boardPath(AT_FDCWD, path);
  return ours.empty() ? real_fopen(path, mode) : bridge::openStream(ours, mode);
}

BRIDGE_EXPORT FILE* fopen64(const char* path, const char* mode) {
  BRIDGE_REAL(fopen64);
  std::string ours = bridge::boardPath(AT_FDCWD, path);
  return ours.empty() ? real_fopen64(path, mode) : bridge::openStream(ours, mode);
}
