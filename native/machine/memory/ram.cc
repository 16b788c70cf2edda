#include "machine/memory/ram.h"

#include <unistd.h>

#include <algorithm>

#include "machine/memory/guest_races.h"

namespace cellvisor::machine {

namespace {

int createFile() {
  const int descriptor = memfd_create("cellvisor-ram", MFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  return descriptor;
}

/** Sorted, page aligned, without overlap; throws RangeViolation otherwise. */
std::vector<RamDescription> checked(std::vector<RamDescription> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const RamDescription& a, const RamDescription& b) { return a.physStart < b.physStart; });
  uint64_t previousEnd = 0;
  for (const RamDescription& range : ranges) {
    const uint64_t end = range.physStart + range.sizeBytes;
    const bool aligned = ((range.physStart | range.sizeBytes) & (kPageSizeBytes - 1)) == 0;
    if (!aligned || range.sizeBytes == 0 || end < range.physStart || range.physStart < previousEnd) {
      throw RangeViolation("RAM ranges must be page aligned, not empty, and must not overlap");
    }
    previousEnd = end;
  }
  return ranges;
}

}  // namespace

Ram::Ram(const std::vector<RamDescription>& ranges) : descriptor_(createFile()) {
  try {
    const std::vector<RamDescription> sorted = checked(ranges);
    uint64_t total = 0;
    for (const RamDescription& range : sorted) total += range.sizeBytes;
    if (ftruncate(descriptor_, static_cast<off_t>(total)) != 0) {
      throw std::system_error(errno, std::generic_category(), "ftruncate");
    }
    uint64_t offset = 0;
    for (const RamDescription& range : sorted) {
      ranges_.push_back({range.physStart, range.sizeBytes, offset,
                         Mapping(range.sizeBytes, descriptor_, static_cast<off_t>(offset))});
      guestsMayRace(ranges_.back().mapping.data(), range.sizeBytes);
      offset += range.sizeBytes;
    }
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

Ram::~Ram() { close(descriptor_); }

const Ram::Range* Ram::rangeOf(uint64_t physical, uint64_t sizeBytes) const {
  for (const Range& range : ranges_) {
    if (physical < range.physStart || physical - range.physStart >= range.sizeBytes) continue;
    return sizeBytes <= range.sizeBytes - (physical - range.physStart) ? &range : nullptr;
  }
  return nullptr;
}

uint8_t* Ram::find(uint64_t physical, uint64_t sizeBytes) const {
  const Range* range = rangeOf(physical, sizeBytes);
  return range != nullptr ? range->mapping.data() + (physical - range->physStart) : nullptr;
}

bool Ram::locate(uint64_t physical, uint64_t sizeBytes, uint64_t& fileOffset) const {
  const Range* range = rangeOf(physical, sizeBytes);
  if (range == nullptr) return false;
  fileOffset = range->fileOffset + (physical - range->physStart);
  return true;
}

std::string Ram::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor_);
}

}  // namespace cellvisor::machine
