#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace cellvisor::machine {

/** An mmap that is unmapped when it goes out of scope. */
class Mapping {
 public:
  Mapping(size_t sizeBytes, int descriptor, off_t offset)
      : Mapping(sizeBytes, descriptor, offset, MAP_SHARED | MAP_NORESERVE) {}
  /** Anonymous zeroed pages, allocated when touched. */
  explicit Mapping(size_t sizeBytes) : Mapping(sizeBytes, -1, 0, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE) {}
  ~Mapping() {
    if (start_ != nullptr) munmap(start_, sizeBytes_);
  }
  Mapping(Mapping&& other) noexcept : start_(other.start_), sizeBytes_(other.sizeBytes_) { other.start_ = nullptr; }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  uint8_t* data() const { return static_cast<uint8_t*>(start_); }
  size_t sizeBytes() const { return sizeBytes_; }

 private:
  Mapping(size_t sizeBytes, int descriptor, off_t offset, int flags) : sizeBytes_(sizeBytes) {
    void* start = mmap(nullptr, sizeBytes, PROT_READ | PROT_WRITE, flags, descriptor, offset);
    if (start == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    start_ = start;
  }

  void* start_ = nullptr;
  size_t sizeBytes_ = 0;
};

}  // namespace cellvisor::machine
