#include <fcntl.h>
#include <sys/xattr.h>

#include <cerrno>

#include "own.h"
#include "paths.h"
#include "real.h"
#include "settings.h"

// sysfs and devtmpfs have no extended attributes that anyone would miss; ls(1) asks for them all the same.

namespace {

bool isOurs(const char* path) {
  std::string absolute = bridge::isActive() ? bridge::absolutePath(AT_FDCWD, path) : "";
  return bridge::isBoardPath(absolute) || bridge::leavesBoard(absolute, path);
}

}  // namespace

#define BRIDGE_GET_ATTRIBUTE(name)                                                                          \
  BRIDGE_EXPORT ssize_t name(const char* path, const char* attribute, void* value, size_t length) noexcept { \
    BRIDGE_REAL(name);                                                                                      \
    return isOurs(path) ? bridge::asLibc<ssize_t>(-ENODATA) : real_##name(path, attribute, value, length);        \
  }
#define BRIDGE_LIST_ATTRIBUTES(name)                                                  \
  BRIDGE_EXPORT ssize_t name(const char* path, char* names, size_t length) noexcept { \
    BRIDGE_REAL(name);                                                                \
    return isOurs(path) ? 0 : real_##name(path, names, length);                       \
  }

BRIDGE_GET_ATTRIBUTE(getxattr)
BRIDGE_GET_ATTRIBUTE(lgetxattr)
BRIDGE_LIST_ATTRIBUTES(listxattr)
BRIDGE_LIST_ATTRIBUTES(llistxattr)
