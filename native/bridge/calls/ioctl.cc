#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
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

// Requests whose argument has addresses in it (jailhouse-abi reference 1.1, 1.2).
constexpr uint32_t kEnable = 0x40080000;
constexpr uint32_t kCellCreate = 0x40100002;
constexpr uint32_t kCellLoad = 0x40300003;

constexpr size_t kPage = 4096;
/// More than any config takes: its size is known to the driver alone, which reads as far as the config says.
constexpr size_t kLongestConfig = 1 << 20;
/// A request has to fit into one message.
constexpr size_t kLongestBuffers = 127 << 20;

/// Whether the kernel could read there: an invalid `how` is found out only after the set was fetched.
bool isReadable(const uint8_t* address) {
  BRIDGE_REAL(syscall);
  int before = errno;
  bool canRead = real_syscall(SYS_rt_sigprocmask, ~0, address, nullptr, size_t{8}) >= 0 || errno != EFAULT;
  errno = before;
  return canRead;
}

/// How many of `length` bytes the driver could copy from a program's address.
size_t readableBytes(const void* address, size_t length) {
  const auto* start = static_cast<const uint8_t*>(address);
  auto first = reinterpret_cast<uintptr_t>(start);
  size_t known = 0;
  while (known < length) {
    uintptr_t page = (first + known) & ~(kPage - 1);
    if (!isReadable(reinterpret_cast<const uint8_t*>(page))) return known;
    known = page + kPage - first;
  }
  return length;
}

template <typename Integer>
Integer at(const void* address, size_t offset) {
  Integer value;
  std::memcpy(&value, static_cast<const uint8_t*>(address) + offset, sizeof value);
  return value;
}

struct Arguments {
  iovec bytes = {};
  std::vector<board::Reference> references;

  /// A buffer whose address is at `offset` of the argument, as much of it as can be read. @returns 0 or a negative errno
  int refer(uint32_t offset, uint64_t length) {
    if (length > kLongestBuffers) return -ENOMEM;
    void* address = at<void*>(bytes.iov_base, offset);
    references.push_back({offset, {address, readableBytes(address, length)}});
    return 0;
  }
};

int collectCellCreate(Arguments& arguments) {
  return arguments.bytes.iov_len < 16 ? 0 : arguments.refer(0, at<uint32_t>(arguments.bytes.iov_base, 8));
}

int collectCellLoad(Arguments& arguments, void* argument) {
  constexpr uint32_t kHeader = 48;
  constexpr uint32_t kImage = 32;
  constexpr uint32_t kMostImages = 60;
  if (arguments.bytes.iov_len < kHeader) return 0;
  uint32_t images = at<uint32_t>(argument, 40);
  if (images > kMostImages) return -E2BIG;
  arguments.bytes.iov_len = readableBytes(argument, kHeader + images * kImage);
  for (uint32_t image = 0; image < images; ++image) {
    uint32_t offset = kHeader + image * kImage;
    if (offset + kImage > arguments.bytes.iov_len) return 0;
    if (int error = arguments.refer(offset, at<uint64_t>(argument, offset + 8)); error < 0) return error;
  }
  return 0;
}

int collect(uint32_t request, void* argument, Arguments& arguments) {
  size_t length = request == kEnable ? kLongestConfig : _IOC_SIZE(request);
  arguments.bytes = {argument, readableBytes(argument, length)};
  if (request == kCellCreate) return collectCellCreate(arguments);
  if (request == kCellLoad) return collectCellLoad(arguments, argument);
  return 0;
}

std::string argumentText(const Arguments& arguments) {
  std::string text = ", {" + trace::hex(arguments.bytes.iov_base, arguments.bytes.iov_len) + "}";
  for (const board::Reference& reference : arguments.references) {
    const iovec& buffer = reference.buffer;
    text += ", [" + std::to_string(reference.offset) + "] -> {" + trace::hex(buffer.iov_base, buffer.iov_len) + "}";
  }
  return text;
}

int ioctlDevice(int fd, const Descriptor& file, uint32_t request, void* argument) {
  // Without a size, there is no argument: what a caller leaves out is not there, whatever its register holds.
  bool hasArgument = argument != nullptr && _IOC_SIZE(request) > 0;
  Arguments arguments;
  int result = hasArgument ? collect(request, argument, arguments) : 0;
  if (int error = faults::errorOf("ioctl", file.path)) result = -error;
  if (result == 0) {
    result = board::ioctl(file.file, request, hasArgument ? &arguments.bytes : nullptr, arguments.references);
  }
  if (trace::isOn()) {
    std::string text = hasArgument ? argumentText(arguments) : "";
    trace::record("ioctl(" + trace::file(fd, file.path) + ", " + trace::number(request) + text + ")", result);
  }
  return result;
}

int setNonBlocking(int fd, const Descriptor& file, const int* isOn) {
  BRIDGE_REAL(ioctl);
  if (real_ioctl(fd, FIONBIO, isOn) < 0) return -errno;
  return board::setNonBlocking(file.file, *isOn != 0);
}

}  // namespace
}  // namespace bridge

BRIDGE_EXPORT int ioctl(int fd, unsigned long request, ...) noexcept {
  BRIDGE_REAL(ioctl);
  va_list list;
  va_start(list, request);
  void* argument = va_arg(list, void*);
  va_end(list);
  bridge::Descriptor file = bridge::isActive() ? bridge::describe(fd) : bridge::Descriptor{};
  // Files in memory know no more requests than those of sysfs.
  if (file.kind != bridge::Descriptor::Kind::device) return real_ioctl(fd, request, argument);
  if (request == FIONBIO) return bridge::asLibc(bridge::setNonBlocking(fd, file, static_cast<int*>(argument)));
  return bridge::asLibc(bridge::ioctlDevice(fd, file, static_cast<uint32_t>(request), argument));
}
