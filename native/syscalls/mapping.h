#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace cellvisor::syscalls {

/** One mapping; `unmap` or the end of the object ends it. */
class Mapping {
 public:
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { unmap(); }

  /**
   * MAP_SHARED.
   * @returns 0 or a negative errno. EINVAL also for a range beyond the end of a regular file, where an access would be
   * answered by SIGBUS.
   */
  int map(int fd, uint64_t offset, uint64_t length, bool writable);
  /**
   * Anonymous pages that a hypervisor may be given the address of: it follows the hardware's page table and takes no fault, so
   * each is locked and written, and no fork makes it copy-on-write.
   * @returns 0 or a negative errno
   */
  int mapLocked(uint64_t length);
  void unmap() noexcept;

  void* address() const { return address_; }
  size_t length() const { return length_; }

 private:
  void* address_ = nullptr;
  size_t length_ = 0;
};

}  // namespace cellvisor::syscalls
