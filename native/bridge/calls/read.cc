#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "board/calls.h"
#include "descriptor.h"
#include "faults.h"
#include "own.h"
#include "real.h"
#include "settings.h"
#include "trace.h"

namespace bridge {
namespace {

ssize_t readDevice(const Descriptor& file, void* bytes, size_t length) {
  Answer answer;
  int error = board::read(file.file, faults::readLimit(file.path, length), answer);
  if (error < 0) return error;
  size_t count = answer.size() < length ? answer.size() : length;
  std::memcpy(bytes, answer.data(), count);
  return static_cast<ssize_t>(count);
}

/// @param position -1: the file's own
ssize_t readContent(int fd, const Descriptor& file, void* bytes, size_t length, off_t position) {
  bool isStart = position == 0 || (position < 0 && ::lseek(fd, 0, SEEK_CUR) == 0);
  // As of a sysfs attribute: who reads from the start gets what it is now.
  if (isStart) {
    if (int error = refreshContent(fd, file.path); error < 0) return error;
  }
  size_t limit = faults::readLimit(file.path, length);
  BRIDGE_REAL(read);
  BRIDGE_REAL(pread);
  ssize_t count = position < 0 ? real_read(fd, bytes, limit) : real_pread(fd, bytes, limit, position);
  return count < 0 ? -errno : count;
}

ssize_t readFile(int fd, const Descriptor& file, void* bytes, size_t length, off_t position) {
  if (int error = faults::errorOf("read", file.path)) return -error;
  switch (file.kind) {
    case Descriptor::Kind::device: return readDevice(file, bytes, length);
    case Descriptor::Kind::content: return readContent(fd, file, bytes, length, position);
    default: return -EISDIR;
  }
}

ssize_t tracedRead(int fd, const Descriptor& file, void* bytes, size_t length, off_t position) {
  ssize_t count = readFile(fd, file, bytes, length, position);
  if (trace::isOn()) {
    std::string data = count > 0 ? trace::hex(bytes, static_cast<size_t>(count)) : "";
    trace::record("read(" + trace::file(fd, file.path) + ", " + std::to_string(length) + ")", count, data);
  }
  return asLibc(count);
}

/// As the kernel does for drivers that have no gathering read of their own: one piece after the other.
ssize_t readPieces(int fd, const Descriptor& file, const iovec* pieces, int count, off_t position) {
  ssize_t total = 0;
  for (int i = 0; i < count; ++i) {
    if (pieces[i].iov_len == 0) continue;
    off_t place = position < 0 ? position : position + total;
    ssize_t part = tracedRead(fd, file, pieces[i].iov_base, pieces[i].iov_len, place);
    if (part < 0) return total > 0 ? total : part;
    total += part;
    if (static_cast<size_t>(part) < pieces[i].iov_len) break;
  }
  return total;
}

/// The jailhouse driver has no write; the UIO core takes a word to control interrupts, which uio_ivshmem does not offer.
ssize_t writeFile(int fd, const Descriptor& file, size_t length) {
  bool isUio = file.path.compare(0, 8, "/dev/uio") == 0;
  ssize_t error = isUio && length == 4 ? -ENOSYS : -EINVAL;
  if (trace::isOn()) trace::record("write(" + trace::file(fd, file.path) + ", " + std::to_string(length) + ")", error);
  return asLibc(error);
}

size_t lengthOf(const iovec* pieces, int count) {
  size_t length = 0;
  for (int i = 0; i < count; ++i) length += pieces[i].iov_len;
  return length;
}

Descriptor ours(int fd) { return isActive() ? describe(fd) : Descriptor{}; }

/// Files in memory are read-only: the kernel refuses by itself.
Descriptor oursForWrite(int fd) {
  Descriptor file = ours(fd);
  return file.kind == Descriptor::Kind::device ? file : Descriptor{};
}

}  // namespace
}  // namespace bridge

using bridge::Descriptor;

BRIDGE_EXPORT ssize_t read(int fd, void* bytes, size_t length) {
  BRIDGE_REAL(read);
  Descriptor file = bridge::ours(fd);
  return file ? bridge::tracedRead(fd, file, bytes, length, -1) : real_read(fd, bytes, length);
}

BRIDGE_EXPORT ssize_t pread(int fd, void* bytes, size_t length, off_t position) {
  BRIDGE_REAL(pread);
  Descriptor file = bridge::ours(fd);
  return file ? bridge::tracedRead(fd, file, bytes, length, position) : real_pread(fd, bytes, length, position);
}

BRIDGE_EXPORT ssize_t pread64(int fd, void* bytes, size_t length, off64_t position) {
  BRIDGE_REAL(pread64);
  Descriptor file = bridge::ours(fd);
  return file ? bridge::tracedRead(fd, file, bytes, length, position) : real_pread64(fd, bytes, length, position);
}

BRIDGE_EXPORT ssize_t readv(int fd, const iovec* pieces, int count) {
  BRIDGE_REAL(readv);
  Descriptor file = bridge::ours(fd);
  return file ? bridge::readPieces(fd, file, pieces, count, -1) : real_readv(fd, pieces, count);
}

BRIDGE_EXPORT ssize_t preadv(int fd, const iovec* pieces, int count, off_t position) {
  BRIDGE_REAL(preadv);
  Descriptor file = bridge::ours(fd);
  return file ? bridge::readPieces(fd, file, pieces, count, position) : real_preadv(fd, pieces, count, position);
}

BRIDGE_EXPORT ssize_t preadv64(int fd, const iovec* pieces, int count, off64_t position) {
  BRIDGE_REAL(preadv64);
  Descriptor file = bridge::ours(fd);
  return file ? bridge::readPieces(fd, file, pieces, count, position) : real_preadv64(fd, pieces, count, position);
}

// What programs built with _FORTIFY_SOURCE call; the last argument is the size of the buffer.
extern "C" ssize_t __read_chk(int fd, void* bytes, size_t length, size_t room);
extern "C" ssize_t __pread_chk(int fd, void* bytes, size_t length, off_t position, size_t room);
extern "C" ssize_t __pread64_chk(int fd, void* bytes, size_t length, off64_t position, size_t room);

BRIDGE_EXPORT ssize_t __read_chk(int fd, void* bytes, size_t length, size_t room) {
  BRIDGE_REAL(__read_chk);
  Descriptor file = bridge::ours(fd);
  bool isOurs = file && length <= room;  // libc says what is wrong otherwise
  return isOurs ? bridge::tracedRead(fd, file, bytes, length, -1) : real___read_chk(fd, bytes, length, room);
}

BRIDGE_EXPORT ssize_t __pread_chk(int fd, void* bytes, size_t length, off_t position, size_t room) {
  BRIDGE_REAL(__pread_chk);
  Descriptor file = bridge::ours(fd);
  bool isOurs = file && length <= room;
  return isOurs ? bridge::tracedRead(fd, file, bytes, length, position)
                : real___pread_chk(fd, bytes, length, position, room);
}

BRIDGE_EXPORT ssize_t __pread64_chk(int fd, void* bytes, size_t length, off64_t position, size_t room) {
  return __pread_chk(fd, bytes, length, position, room);
}

BRIDGE_EXPORT ssize_t write(int fd, const void* bytes, size_t length) {
  BRIDGE_REAL(write);
  Descriptor file = bridge::oursForWrite(fd);
  return file ? bridge::writeFile(fd, file, length) : real_write(fd, bytes, length);
}

BRIDGE_EXPORT ssize_t pwrite(int fd, const void* bytes, size_t length, off_t position) {
  BRIDGE_REAL(pwrite);
  Descriptor file = bridge::oursForWrite(fd);
  return file ? bridge::writeFile(fd, file, length) : real_pwrite(fd, bytes, length, position);
}

BRIDGE_EXPORT ssize_t writev(int fd, const iovec* pieces, int count) {
  BRIDGE_REAL(writev);
  Descriptor file = bridge::oursForWrite(fd);
  return file ? bridge::writeFile(fd, file, bridge::lengthOf(pieces, count)) : real_writev(fd, pieces, count);
}
