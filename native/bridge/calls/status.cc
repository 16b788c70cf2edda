#include "calls/status.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "board/calls.h"
#include "descriptor.h"
#include "faults.h"
#include "own.h"
#include "paths.h"
#include "real.h"
#include "settings.h"
#include "trace.h"

namespace bridge {
namespace {

/// Of the file systems that hold the board's files: no other has it.
constexpr unsigned kDevice = 0xce11;
/// Jailhouse's device is the first dynamic one of the misc class (10:58 on the board), those of UIO have a class of their own.
constexpr unsigned kMiscMajor = 10;
constexpr unsigned kJailhouseMinor = 58;
constexpr unsigned kUioMajor = 244;

dev_t deviceNumber(const std::string& path) {
  constexpr char kUio[] = "/dev/uio";
  if (path.compare(0, sizeof kUio - 1, kUio) != 0) return makedev(kMiscMajor, kJailhouseMinor);
  return makedev(kUioMajor, static_cast<unsigned>(std::strtoul(path.c_str() + sizeof kUio - 1, nullptr, 10)));
}

mode_t modeOf(board::FileKind kind) {
  switch (kind) {
    case board::FileKind::directory: return S_IFDIR | 0755;
    case board::FileKind::device: return S_IFCHR | 0600;
    default: return S_IFREG | 0444;
  }
}

/// A folder of this machine, reached through one of the board's: `/sys/devices/jailhouse/..`
int statOwnFolder(const std::string& path, struct stat& status) {
  BRIDGE_REAL(syscall);
  return real_syscall(SYS_newfstatat, AT_FDCWD, path.c_str(), &status, 0) < 0 ? -errno : 0;
}

int fill(const std::string& path, struct stat& status) {
  if (int error = faults::errorOf("stat", path)) return -error;
  if (isMergedFolder(path)) return statOwnFolder(path, status);
  board::Status board;
  if (int error = board::stat(path, board); error < 0) return error;
  status = {};
  status.st_dev = makedev(0, kDevice);
  status.st_ino = std::hash<std::string>{}(path) | 1;
  status.st_mode = modeOf(board.kind);
  status.st_nlink = board.kind == board::FileKind::directory ? 2 : 1;
  // Whoever runs the program may do what root may do on a board.
  status.st_uid = ::geteuid();
  status.st_gid = ::getegid();
  status.st_size = static_cast<off_t>(board.size);
  status.st_blksize = 4096;
  if (board.kind == board::FileKind::device) status.st_rdev = deviceNumber(path);
  return 0;
}

int accessOf(const std::string& path, int mode) {
  if (int error = faults::errorOf("access", path)) return -error;
  struct stat status = {};
  if (int error = fill(path, status); error < 0) return error;
  int allowed = S_ISDIR(status.st_mode) ? R_OK | W_OK | X_OK : S_ISCHR(status.st_mode) ? R_OK | W_OK : R_OK;
  return (mode & ~allowed) == 0 ? 0 : -EACCES;
}

int accessBoardFile(const std::string& path, int mode) {
  int result = accessOf(path, mode);
  if (trace::isOn()) trace::record("access(" + trace::quoted(path.c_str()) + ", " + std::to_string(mode) + ")", result);
  return result;
}

struct statx extended(const struct stat& status) {
  struct statx all = {};
  all.stx_mask = STATX_BASIC_STATS;
  all.stx_blksize = static_cast<uint32_t>(status.st_blksize);
  all.stx_nlink = static_cast<uint32_t>(status.st_nlink);
  all.stx_uid = status.st_uid;
  all.stx_gid = status.st_gid;
  all.stx_mode = static_cast<uint16_t>(status.st_mode);
  all.stx_ino = status.st_ino;
  all.stx_size = static_cast<uint64_t>(status.st_size);
  all.stx_rdev_major = major(status.st_rdev);
  all.stx_rdev_minor = minor(status.st_rdev);
  all.stx_dev_major = major(status.st_dev);
  all.stx_dev_minor = minor(status.st_dev);
  return all;
}

bool isDescriptorItself(const char* path, int flags) {
  return (flags & AT_EMPTY_PATH) != 0 && (path == nullptr || path[0] == '\0');
}

/// The path that a call of the stat family is about; empty when it is none of the board's.
std::string subject(int directory, const char* path, int flags) {
  if (!isActive()) return "";
  if (isDescriptorItself(path, flags)) return describe(directory).path;
  std::string absolute = absolutePath(directory, path);
  return isBoardPath(absolute) || leavesBoard(absolute, path) ? absolute : "";
}

std::string subject(int fd) { return isActive() ? describe(fd).path : ""; }

}  // namespace

int statBoardFile(const std::string& path, struct stat& status) {
  int result = fill(path, status);
  if (trace::isOn()) {
    char found[48] = "";
    if (result == 0) std::snprintf(found, sizeof found, "mode 0%o size %ld", status.st_mode, long{status.st_size});
    trace::record("stat(" + trace::quoted(path.c_str()) + ")", result, found);
  }
  return result;
}

namespace {

int statInto(const std::string& path, struct stat* status) { return asLibc(statBoardFile(path, *status)); }
/// On 64-bit machines, it is the same struct.
int statInto(const std::string& path, struct stat64* status) {
  static_assert(sizeof(struct stat) == sizeof(struct stat64), "a 64-bit machine");
  return statInto(path, reinterpret_cast<struct stat*>(status));
}

}  // namespace
}  // namespace bridge

using bridge::statInto;
using bridge::subject;

#define BRIDGE_STAT(name, type)                                        \
  BRIDGE_EXPORT int name(const char* path, struct type* status) noexcept { \
    BRIDGE_REAL(name);                                                 \
    std::string ours = subject(AT_FDCWD, path, 0);                     \
    return ours.empty() ? real_##name(path, status) : statInto(ours, status); \
  }
#define BRIDGE_FSTAT(name, type)                                       \
  BRIDGE_EXPORT int name(int fd, struct type* status) noexcept {       \
    BRIDGE_REAL(name);                                                 \
    std::string ours = subject(fd);                                    \
    return ours.empty() ? real_##name(fd, status) : statInto(ours, status); \
  }
#define BRIDGE_FSTATAT(name, type)                                                                  \
  BRIDGE_EXPORT int name(int directory, const char* path, struct type* status, int flags) noexcept { \
    BRIDGE_REAL(name);                                                                              \
    std::string ours = subject(directory, path, flags);                                             \
    return ours.empty() ? real_##name(directory, path, status, flags) : statInto(ours, status);     \
  }

BRIDGE_STAT(stat, stat)
BRIDGE_STAT(stat64, stat64)
BRIDGE_STAT(lstat, stat)
BRIDGE_STAT(lstat64, stat64)
BRIDGE_FSTAT(fstat, stat)
BRIDGE_FSTAT(fstat64, stat64)
BRIDGE_FSTATAT(fstatat, stat)
BRIDGE_FSTATAT(fstatat64, stat64)

// What programs built with glibc before 2.33 call; the first argument is the version of the struct.
#define BRIDGE_XSTAT(name, type)                                                      \
  extern "C" int name(int version, const char* path, struct type* status);            \
  BRIDGE_EXPORT int name(int version, const char* path, struct type* status) {        \
    BRIDGE_REAL(name);                                                                \
    std::string ours = subject(AT_FDCWD, path, 0);                                    \
    return ours.empty() ? real_##name(version, path, status) : statInto(ours, status); \
  }
#define BRIDGE_FXSTAT(name, type)                                                   \
  extern "C" int name(int version, int fd, struct type* status);                    \
  BRIDGE_EXPORT int name(int version, int fd, struct type* status) {                \
    BRIDGE_REAL(name);                                                              \
    std::string ours = subject(fd);                                                 \
    return ours.empty() ? real_##name(version, fd, status) : statInto(ours, status); \
  }
#define BRIDGE_FXSTATAT(name, type)                                                                        \
  extern "C" int name(int version, int directory, const char* path, struct type* status, int flags);       \
  BRIDGE_EXPORT int name(int version, int directory, const char* path, struct type* status, int flags) {   \
    BRIDGE_REAL(name);                                                                                     \
    std::string ours = subject(directory, path, flags);                                                    \
    return ours.empty() ? real_##name(version, directory, path, status, flags) : statInto(ours, status);   \
  }

BRIDGE_XSTAT(__xstat, stat)
BRIDGE_XSTAT(__xstat64, stat64)
BRIDGE_XSTAT(__lxstat, stat)
BRIDGE_XSTAT(__lxstat64, stat64)
BRIDGE_FXSTAT(__fxstat, stat)
BRIDGE_FXSTAT(__fxstat64, stat64)
BRIDGE_FXSTATAT(__fxstatat, stat)
BRIDGE_FXSTATAT(__fxstatat64, stat64)

BRIDGE_EXPORT int statx(int directory, const char* path, int flags, unsigned mask, struct statx* status) noexcept {
  BRIDGE_REAL(statx);
  std::string ours = subject(directory, path, flags);
  if (ours.empty()) return real_statx(directory, path, flags, mask, status);
  struct stat simple = {};
  int result = bridge::statBoardFile(ours, simple);
  if (result == 0) *status = bridge::extended(simple);
  return bridge::asLibc(result);
}

BRIDGE_EXPORT int access(const char* path, int mode) noexcept {
  BRIDGE_REAL(access);
  std::string ours = subject(AT_FDCWD, path, 0);
  return ours.empty() ? real_access(path, mode) : bridge::asLibc(bridge::accessBoardFile(ours, mode));
}

BRIDGE_EXPORT int euidaccess(const char* path, int mode) noexcept {
  BRIDGE_REAL(euidaccess);
  std::string ours = subject(AT_FDCWD, path, 0);
  return ours.empty() ? real_euidaccess(path, mode) : bridge::asLibc(bridge::accessBoardFile(ours, mode));
}

BRIDGE_EXPORT int eaccess(const char* path, int mode) noexcept { return euidaccess(path, mode); }

BRIDGE_EXPORT int faccessat(int directory, const char* path, int mode, int flags) noexcept {
  BRIDGE_REAL(faccessat);
  std::string ours = subject(directory, path, 0);
  return ours.empty() ? real_faccessat(directory, path, mode, flags)
                      : bridge::asLibc(bridge::accessBoardFile(ours, mode));
}
