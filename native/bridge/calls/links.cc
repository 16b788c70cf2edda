#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "calls/status.h"
#include "own.h"
#include "paths.h"
#include "real.h"

namespace bridge {
namespace {

/// The board has no symbolic links.
ssize_t readLink(const std::string& path) {
  struct stat status = {};
  int error = statBoardFile(path, status);
  return asLibc<ssize_t>(error < 0 ? error : -EINVAL);
}

char* resolve(const std::string& path, char* room) {
  struct stat status = {};
  if (int error = statBoardFile(path, status); error < 0) {
    errno = -error;
    return nullptr;
  }
  if (room == nullptr) return ::strdup(path.c_str());
  if (path.size() >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return nullptr;
  }
  return std::strcpy(room, path.c_str());
}

}  // namespace
}  // namespace bridge

BRIDGE_EXPORT ssize_t readlink(const char* path, char* target, size_t length) noexcept {
  BRIDGE_REAL(readlink);
  std::string ours = bridge::boardPath(AT_FDCWD, path);
  return ours.empty() ? real_readlink(path, target, length) : bridge::readLink(ours);
}

BRIDGE_EXPORT ssize_t readlinkat(int directory, const char* path, char* target, size_t length) noexcept {
  BRIDGE_REAL(readlinkat);
  std::string ours = bridge::boardPath(directory, path);
  return ours.empty() ? real_readlinkat(directory, path, target, length) : bridge::readLink(ours);
}

BRIDGE_EXPORT char* realpath(const char* path, char* room) noexcept {
  BRIDGE_REAL(realpath);
  std::string ours = bridge::boardPath(AT_FDCWD, path);
  return ours.empty() ? real_realpath(path, room) : bridge::resolve(ours, room);
}

// What programs built with _FORTIFY_SOURCE call.
extern "C" char* __realpath_chk(const char* path, char* room, size_t length);

BRIDGE_EXPORT char* __realpath_chk(const char* path, char* room, size_t length) {
  BRIDGE_REAL(__realpath_chk);
  std::string ours = bridge::boardPath(AT_FDCWD, path);
  return ours.empty() ? real___realpath_chk(path, room, length) : bridge::resolve(ours, room);
}
