#include "syscalls/mapping.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace cellvisor::syscalls {

int Mapping::map(int fd, uint64_t offset, uint64_t length, bool writable) {
  if (length == 0) return -EINVAL;
  struct stat status = {};
  if (::fstat(fd, &status) < 0) return -errno;
  if (S_ISREG(status.st_mode)) {
    uint64_t size = static_cast<uint64_t>(status.st_size);
    if (offset > size || size - offset < length) return -EINVAL;
  }
  int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
  void* address = ::mmap(nullptr, length, protection, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (address == MAP_FAILED) return -errno;
  unmap();
  address_ = address;
  length_ = length;
  return 0;
}

int Mapping::mapLocked(uint64_t length) {
  if (length == 0) return -EINVAL;
  void* address = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return -errno;
  unmap();
  address_ = address;
  length_ = length;
  if (::mlock(address_, length_) < 0 || ::madvise(address_, length_, MADV_DONTFORK) < 0) {
    const int error = errno;
    unmap();
    return -error;
  }
  std::memset(address_, 0, length_);
  return 0;
}

void Mapping::unmap() noexcept {
  if (address_ != nullptr) ::munmap(address_, length_);
  address_ = nullptr;
  length_ = 0;
}

}  // namespace cellvisor::syscalls
