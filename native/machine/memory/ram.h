#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "machine/config.h"
#include "machine/memory/mapping.h"

namespace cellvisor::machine {

/**
 * The board's RAM: one sparse memfd, one mapping per range. Other processes open the file by its /proc path and map the
 * same pages, as a UIO client maps the shared memory of an ivshmem device.
 */
class Ram {
 public:
  /** The memfd. */
  static constexpr unsigned kDescriptors = 1;

  /** Ranges must be page aligned and must not overlap. */
  explicit Ram(const std::vector<RamDescription>& ranges);
  ~Ram();
  Ram(const Ram&) = delete;
  Ram& operator=(const Ram&) = delete;

  /** Host address of `sizeBytes` bytes from `physical` on, or nullptr when any of them is outside RAM. */
  uint8_t* find(uint64_t physical, uint64_t sizeBytes) const;

  /** As find, but the position within the shared file. */
  bool locate(uint64_t physical, uint64_t sizeBytes, uint64_t& fileOffset) const;
  std::string path() const;

 private:
  struct Range {
    uint64_t physStart;
    uint64_t sizeBytes;
    uint64_t fileOffset;
    Mapping mapping;
  };
  const Range* rangeOf(uint64_t physical, uint64_t sizeBytes) const;

  int descriptor_;
  std::vector<Range> ranges_;
};

}  // namespace cellvisor::machine
