#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace cellvisor::syscalls {

/** One MAP_SHARED mapping; `unmap` or the end of the object ends it. */
class Mapping {
 public:
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { unmap(); }

  /**
   * @returns 0 or a negative errno. EINVAL also for a range beyond the end of a regular file, where an access would be
   * answered by SIGBUS.
   */
  int map(int fd, uint64_t offset, uint64_t length, bool writable);
  void unmap() noexcept;

  void* address() const { return address_; }
  size_t length() const { return length_; }

 private:
  void* address_ = nullptr;
  size_t length_ = 0;
};

}  // namespace cellvisor::syscalls
