#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdint>

#include "board/calls.h"
#include "descriptor.h"
#include "faults.h"
#include "own.h"
#include "real.h"
#include "registers/window.h"
#include "settings.h"
#include "trace.h"

namespace bridge {
namespace {

struct Request {
  void* address;
  size_t length;
  int protection;
  int flags;
  int fd;
  off_t offset;
};

/// The board's own pages.
intptr_t mapMemory(const Request& request, const Descriptor& file) {
  BRIDGE_REAL(mmap);
  BRIDGE_REAL(open);
  bool isWritable = (request.protection & PROT_WRITE) != 0;
  std::string path;
  uint64_t start = 0;
  int error = board::mapMemory(file.file, static_cast<uint64_t>(request.offset), request.length, isWritable, path, start);
  if (error < 0) return error;
  int pages = real_open(path.c_str(), (isWritable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (pages < 0) return -errno;
  void* address = real_mmap(request.address, request.length, request.protection, request.flags, pages,
                            static_cast<off_t>(start));
  error = address == MAP_FAILED ? -errno : 0;
  closeOwn(pages);
  return error < 0 ? error : reinterpret_cast<intptr_t>(address);
}

intptr_t mapFile(const Request& request, const Descriptor& file) {
  if (int error = faults::errorOf("mmap", file.path)) return -error;
  if (file.kind != Descriptor::Kind::device) return -ENODEV;
  // Which of its maps are registers is known to the driver alone.
  int error = board::mapRegisters(file.file, static_cast<uint64_t>(request.offset), request.length);
  if (error == -ENODEV) return mapMemory(request, file);
  if (error < 0) return error;
  return registers::map(request.address, request.length, request.protection, request.flags, request.fd, file.file,
                        file.path, static_cast<uint64_t>(request.offset));
}

void* tracedMap(const Request& request, const Descriptor& file) {
  intptr_t result = mapFile(request, file);
  if (trace::isOn()) {
    trace::record("mmap(" + trace::file(request.fd, file.path) + ", offset " +
                      trace::number(static_cast<unsigned long>(request.offset)) + ", " +
                      std::to_string(request.length) + " bytes, protection " + std::to_string(request.protection) + ")",
                  result);
  }
  if (result > -4096 && result < 0) {
    errno = static_cast<int>(-result);
    return MAP_FAILED;
  }
  return reinterpret_cast<void*>(result);
}

bool isForUs(int flags, int fd) { return isActive() && (flags & MAP_ANONYMOUS) == 0 && fd >= 0; }

}  // namespace
}  // namespace bridge

BRIDGE_EXPORT void* mmap(void* address, size_t length, int protection, int flags, int fd, off_t offset) noexcept {
  BRIDGE_REAL(mmap);
  bridge::Descriptor file = bridge::isForUs(flags, fd) ? bridge::describe(fd) : bridge::Descriptor{};
  if (file) return bridge::tracedMap({address, length, protection, flags, fd, offset}, file);
  void* result = real_mmap(address, length, protection, flags, fd, offset);
  if ((flags & MAP_FIXED) != 0 && result != MAP_FAILED) bridge::registers::forget(address, length);
  return result;
}

BRIDGE_EXPORT void* mmap64(void* address, size_t length, int protection, int flags, int fd, off64_t offset) noexcept {
  return mmap(address, length, protection, flags, fd, offset);
}

BRIDGE_EXPORT int munmap(void* address, size_t length) noexcept {
  BRIDGE_REAL(munmap);
  bridge::registers::forget(address, length);
  return real_munmap(address, length);
}
