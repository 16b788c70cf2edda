#include "descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "board/calls.h"
#include "content.h"
#include "own.h"
#include "real.h"
#include "settings.h"

namespace bridge {
namespace {

/// "\0cellvisor/FILE/UNIQUE" and the path: the name of a device's socket, in the abstract namespace.
constexpr char kSocketName[] = "cellvisor/";
/// "cellvisor:" and the path: the name of a file in memory. A directory's path ends with a slash.
constexpr char kMemoryName[] = "cellvisor:";
constexpr std::string_view kMemoryLink = "/memfd:cellvisor:";
constexpr std::string_view kDeletedMark = " (deleted)";
constexpr size_t kLongestMemoryName = 249;

std::string link(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

Descriptor describeSocket(int fd) {
  sockaddr_un name = {};
  socklen_t length = sizeof name;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) < 0) return {};
  constexpr size_t kStart = offsetof(sockaddr_un, sun_path);
  if (name.sun_family != AF_UNIX || length <= kStart + sizeof kSocketName || name.sun_path[0] != '\0') return {};
  std::string text(name.sun_path + 1, length - kStart - 1);
  unsigned file = 0;
  int pathStart = 0;
  if (std::sscanf(text.c_str(), "cellvisor/%x/%*x%n", &file, &pathStart) != 1 || pathStart == 0) return {};
  return {Descriptor::Kind::device, text.substr(static_cast<size_t>(pathStart)), file};
}

Descriptor describeMemory(int fd) {
  BRIDGE_REAL(readlink);
  char target[512];
  ssize_t length = real_readlink(link(fd).c_str(), target, sizeof target);
  if (length <= 0) return {};
  std::string_view text(target, static_cast<size_t>(length));
  if (text.substr(0, kMemoryLink.size()) != kMemoryLink) return {};
  text.remove_prefix(kMemoryLink.size());
  if (text.size() > kDeletedMark.size()) text.remove_suffix(kDeletedMark.size());
  if (text.empty() || text.front() != '/') return {};
  if (text.back() != '/') return {Descriptor::Kind::content, std::string(text), 0};
  text.remove_suffix(1);
  return {Descriptor::Kind::directory, std::string(text), 0};
}

int nameSocket(int socket, uint32_t file, const std::string& path) {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  int length = std::snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "%s%x/%x%lx%s", kSocketName, file,
                             static_cast<unsigned>(::getpid()), now.tv_nsec, path.c_str());
  if (length < 0 || static_cast<size_t>(length) >= sizeof name.sun_path - 1) return -ENAMETOOLONG;
  socklen_t size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<size_t>(length));
  return ::bind(socket, reinterpret_cast<sockaddr*>(&name), size) < 0 ? -errno : 0;
}

/// A file in memory, named after a path of the board.
int createMemory(const std::string& path, int flags) {
  std::string name = kMemoryName + path;
  if (name.size() > kLongestMemoryName) return -ENAMETOOLONG;
  int fd = ::memfd_create(name.c_str(), (flags & O_CLOEXEC) != 0 ? MFD_CLOEXEC : 0);
  return fd < 0 ? -errno : fd;
}

/// The same file at the same number, but read-only.
int makeReadOnly(int fd, int flags) {
  BRIDGE_REAL(open);
  int readOnly = real_open(link(fd).c_str(), O_RDONLY | O_CLOEXEC);
  int error = readOnly < 0 ? -errno : 0;
  if (error == 0 && ::dup3(readOnly, fd, flags & O_CLOEXEC) < 0) error = -errno;
  if (readOnly >= 0) closeOwn(readOnly);
  if (error < 0) closeOwn(fd);
  return error < 0 ? error : fd;
}

int writeContent(int fd, const std::string& content) {
  for (size_t done = 0; done < content.size();) {
    ssize_t written = ::pwrite(fd, content.data() + done, content.size() - done, static_cast<off_t>(done));
    if (written < 0) return -errno;
    done += static_cast<size_t>(written);
  }
  return ::ftruncate(fd, static_cast<off_t>(content.size())) < 0 ? -errno : 0;
}

bool holds(int fd, const std::string& content) {
  struct stat status = {};
  if (statusOf(fd, status) < 0 || static_cast<size_t>(status.st_size) != content.size()) return false;
  std::string present(content.size(), '\0');
  BRIDGE_REAL(pread);
  return real_pread(fd, present.data(), present.size(), 0) == static_cast<ssize_t>(present.size()) && present == content;
}

}  // namespace

Descriptor describe(int fd) {
  if (fd < 0) return {};
  int before = errno;
  struct stat status = {};
  Descriptor found;
  if (statusOf(fd, status) == 0) {
    if (S_ISSOCK(status.st_mode)) found = describeSocket(fd);
    if (S_ISREG(status.st_mode) && status.st_nlink == 0) found = describeMemory(fd);
  }
  errno = before;
  return found;
}

int openDevice(const std::string& path, int flags) {
  int socket = connection::connect((flags & O_CLOEXEC) != 0);
  if (socket < 0) return socket;
  uint32_t file = 0;
  int error = board::openShared(socket, path, flags, file);
  if (error == 0) error = nameSocket(socket, file, path);
  // The flag is kept where fcntl(2) looks for it; the board has got it, too.
  BRIDGE_REAL(fcntl);
  if (error == 0 && (flags & O_NONBLOCK) != 0) real_fcntl(socket, F_SETFL, O_NONBLOCK);
  if (error < 0) closeOwn(socket);
  return error < 0 ? error : socket;
}

int openContent(const std::string& path, int flags) {
  std::string content;
  // A file that cannot be read can be opened: the read fails, see refreshContent.
  (void)loadContent(path, content);
  int fd = createMemory(path, flags);
  if (fd < 0) return fd;
  int error = writeContent(fd, content);
  if (error == 0) return makeReadOnly(fd, flags);
  closeOwn(fd);
  return error;
}

int openDirectory(const std::string& path, int flags) {
  int fd = createMemory(path + "/", flags);
  return fd < 0 ? fd : makeReadOnly(fd, flags);
}

int refreshContent(int fd, const std::string& path) {
  std::string content;
  int error = loadContent(path, content);
  if (error < 0 || holds(fd, content)) return error;
  BRIDGE_REAL(open);
  int writable = real_open(link(fd).c_str(), O_WRONLY | O_CLOEXEC);
  if (writable < 0) return -errno;
  error = writeContent(writable, content);
  closeOwn(writable);
  return error;
}

}  // namespace bridge
