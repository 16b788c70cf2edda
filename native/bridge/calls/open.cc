#include "calls/open.h"

#include <fcntl.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdarg>

#include "board/calls.h"
#include "descriptor.h"
#include "faults.h"
#include "own.h"
#include "paths.h"
#include "real.h"
#include "trace.h"

namespace bridge {
namespace {

int openFile(const std::string& path, int flags) {
  if (int error = faults::errorOf("open", path)) return -error;
  board::Status status;
  if (int error = board::stat(path, status); error < 0) return error;
  if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return -EEXIST;
  bool isReading = (flags & O_ACCMODE) == O_RDONLY;
  if (status.kind == board::FileKind::device) {
    return (flags & O_DIRECTORY) != 0 ? -ENOTDIR : openDevice(path, flags);
  }
  if (status.kind == board::FileKind::directory) return isReading ? openDirectory(path, flags) : -EISDIR;
  if ((flags & O_DIRECTORY) != 0) return -ENOTDIR;
  if (isReading) return openContent(path, flags);
  int error = board::tryOpen(path, flags);
  return error < 0 ? error : -EACCES;  // nothing on a board is a text file that can be written
}

std::string flagsText(int flags) {
  constexpr const char* kModes[] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
  std::string text = kModes[flags & O_ACCMODE];
  if ((flags & O_NONBLOCK) != 0) text += "|O_NONBLOCK";
  if ((flags & O_CLOEXEC) != 0) text += "|O_CLOEXEC";
  return text;
}

}  // namespace

int openBoardFile(const std::string& path, int flags) {
  int fd = openFile(path, flags);
  if (trace::isOn()) trace::record("open(" + trace::quoted(path.c_str()) + ", " + flagsText(flags) + ")", fd);
  return fd;
}

}  // namespace bridge

using bridge::asLibc;
using bridge::boardPath;
using bridge::openBoardFile;

namespace {

bool hasMode(int flags) { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

}  // namespace

/// The third argument is there only with the flags that need it.
#define BRIDGE_MODE                         \
  mode_t mode = 0;                          \
  if (hasMode(flags)) {                     \
    va_list arguments;                      \
    va_start(arguments, flags);             \
    mode = va_arg(arguments, mode_t);       \
    va_end(arguments);                      \
  }

BRIDGE_EXPORT int open(const char* path, int flags, ...) {
  BRIDGE_REAL(open);
  BRIDGE_MODE
  std::string ours = boardPath(AT_FDCWD, path);
  return ours.empty() ? real_open(path, flags, mode) : asLibc(openBoardFile(ours, flags));
}

BRIDGE_EXPORT int open64(const char* path, int flags, ...) {
  BRIDGE_REAL(open64);
  BRIDGE_MODE
  std::string ours = boardPath(AT_FDCWD, path);
  return ours.empty() ? real_open64(path, flags, mode) : asLibc(openBoardFile(ours, flags));
}

BRIDGE_EXPORT int openat(int directory, const char* path, int flags, ...) {
  BRIDGE_REAL(openat);
  BRIDGE_MODE
  std::string ours = boardPath(directory, path);
  return ours.empty() ? real_openat(directory, path, flags, mode) : asLibc(openBoardFile(ours, flags));
}

BRIDGE_EXPORT int openat64(int directory, const char* path, int flags, ...) {
  BRIDGE_REAL(openat64);
  BRIDGE_MODE
  std::string ours = boardPath(directory, path);
  return ours.empty() ? real_openat64(directory, path, flags, mode) : asLibc(openBoardFile(ours, flags));
}

// What programs built with _FORTIFY_SOURCE call.
extern "C" int __open_2(const char* path, int flags);
extern "C" int __open64_2(const char* path, int flags);
extern "C" int __openat_2(int directory, const char* path, int flags);
extern "C" int __openat64_2(int directory, const char* path, int flags);

BRIDGE_EXPORT int __open_2(const char* path, int flags) {
  BRIDGE_REAL(__open_2);
  std::string ours = boardPath(AT_FDCWD, path);
  return ours.empty() ? real___open_2(path, flags) : asLibc(openBoardFile(ours, flags));
}

BRIDGE_EXPORT int __open64_2(const char* path, int flags) {
  BRIDGE_REAL(__open64_2);
  std::string ours = boardPath(AT_FDCWD, path);
  return ours.empty() ? real___open64_2(path, flags) : asLibc(openBoardFile(ours, flags));
}

BRIDGE_EXPORT int __openat_2(int directory, const char* path, int flags) {
  BRIDGE_REAL(__openat_2);
  std::string ours = boardPath(directory, path);
  return ours.empty() ? real___openat_2(directory, path, flags) : asLibc(openBoardFile(ours, flags));
}

BRIDGE_EXPORT int __openat64_2(int directory, const char* path, int flags) {
  BRIDGE_REAL(__openat64_2);
  std::string ours = boardPath(directory, path);
  return ours.empty() ? real___openat64_2(directory, path, flags) : asLibc(openBoardFile(ours, flags));
}
