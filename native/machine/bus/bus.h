#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

#include "machine/console/hypervisor_console.h"

namespace cellvisor::machine {

/** A device with registers at a physical address. Called from vCPU threads; locks for itself. */
class BusDevice {
 public:
  virtual ~BusDevice() = default;
  /** False: no register answers there. */
  virtual bool busRead(uint64_t offset, unsigned sizeBytes, uint64_t& value) = 0;
  virtual bool busWrite(uint64_t offset, unsigned sizeBytes, uint64_t value) = 0;
};

/**
 * The physical address space outside RAM, for pages that a cell has passed through. Nothing is silent: an access that no
 * device answers is an external abort for the guest and a line on the console.
 */
class Bus {
 public:
  explicit Bus(HypervisorConsole& console) : console_(console) {}

  /** Only while the board is put together. Throws RangeViolation on overlap. */
  void attach(uint64_t physStart, uint64_t sizeBytes, BusDevice* device);

  bool read(uint64_t physical, unsigned sizeBytes, uint64_t& value);
  bool write(uint64_t physical, unsigned sizeBytes, uint64_t value);
  /** A cell starts: what it does wrong is worth telling once more. */
  void forgetReports();

 private:
  struct Window {
    uint64_t physStart;
    uint64_t sizeBytes;
    BusDevice* device;
  };
  const Window* windowOf(uint64_t physical, unsigned sizeBytes) const;
  bool refuse(const char* direction, uint64_t physical, unsigned sizeBytes);

  /** A guest that probes address after address gets aborts all the same, but not endless console text. */
  static constexpr size_t kMaxReportedPages = 64;

  HypervisorConsole& console_;
  std::vector<Window> windows_;
  std::mutex reportMutex_;
  std::set<uint64_t> reportedPages_;
};

}  // namespace cellvisor::machine
