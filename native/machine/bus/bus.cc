#include "machine/bus/bus.h"

#include <cinttypes>
#include <cstdio>

#include "machine/config.h"

namespace cellvisor::machine {

void Bus::attach(uint64_t physStart, uint64_t sizeBytes, BusDevice* device) {
  if (sizeBytes == 0 || physStart > UINT64_MAX - sizeBytes) throw RangeViolation("device window is empty or too large");
  for (const Window& other : windows_) {
    if (physStart < other.physStart + other.sizeBytes && other.physStart < physStart + sizeBytes) {
      throw RangeViolation("device windows overlap");
    }
  }
  windows_.push_back({physStart, sizeBytes, device});
}

const Bus::Window* Bus::windowOf(uint64_t physical, unsigned sizeBytes) const {
  for (const Window& window : windows_) {
    if (physical >= window.physStart && physical - window.physStart < window.sizeBytes) {
      return sizeBytes <= window.sizeBytes - (physical - window.physStart) ? &window : nullptr;
    }
  }
  return nullptr;
}

bool Bus::read(uint64_t physical, unsigned sizeBytes, uint64_t& value) {
  const Window* window = windowOf(physical, sizeBytes);
  if (window != nullptr && window->device->busRead(physical - window->physStart, sizeBytes, value)) return true;
  return refuse("read", physical, sizeBytes);
}

bool Bus::write(uint64_t physical, unsigned sizeBytes, uint64_t value) {
  const Window* window = windowOf(physical, sizeBytes);
  if (window != nullptr && window->device->busWrite(physical - window->physStart, sizeBytes, value)) return true;
  return refuse("write", physical, sizeBytes);
}

void Bus::forgetReports() {
  std::lock_guard<std::mutex> lock(reportMutex_);
  reportedPages_.clear();
}

bool Bus::refuse(const char* direction, uint64_t physical, unsigned sizeBytes) {
  {
    std::lock_guard<std::mutex> lock(reportMutex_);
    if (reportedPages_.size() >= kMaxReportedPages) return false;
    if (!reportedPages_.insert(physical / kPageSizeBytes).second) return false;
  }
  char line[128];
  std::snprintf(line, sizeof line, "emulator: no device register at physical 0x%" PRIx64 " (%s of %u bytes): external abort\n",
                physical, direction, sizeBytes);
  console_.write(line);
  return false;
}

}  // namespace cellvisor::machine
