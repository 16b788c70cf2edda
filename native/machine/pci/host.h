#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "machine/config.h"
#include "machine/gic/gic.h"
#include "machine/memory/ram.h"
#include "machine/mmio.h"
#include "machine/pci/ivshmem_v1.h"
#include "machine/pci/ivshmem_v2.h"

namespace cellvisor::machine::pci {

/** The devices of one cell. */
using Devices = std::vector<std::unique_ptr<IvshmemDevice>>;

/**
 * The virtual PCI host: config space by ECAM, device registers, and the links between cells (jailhouse-hypervisor
 * reference 10.1). One lock for all devices, taken before the GIC's.
 */
class Host {
 public:
  Host(gic::Gic& gic, const Ram& ram) : gic_(gic), ram_(ram) {}

  void configure(const HypervisorConfig& config);

  /** Throws RangeViolation, leaving nothing behind, when a link refuses an end. */
  Devices attach(const CellConfig& cell, const gic::Partition& partition);
  void detach(Devices& devices);
  void reset(Devices& devices);

  MmioResult read(Devices& devices, uint64_t address, unsigned sizeBytes, uint64_t& value, std::string& cause);
  MmioResult write(Devices& devices, uint64_t address, unsigned sizeBytes, uint64_t value, std::string& cause);

 private:
  bool isConfigAccess(uint64_t address, unsigned sizeBytes) const;
  void remove(Devices& devices);
  std::string invalidConfigAccess(const char* direction, uint64_t offset, unsigned sizeBytes) const;

  gic::Gic& gic_;
  const Ram& ram_;
  std::mutex mutex_;
  uint64_t mmconfigBase_ = 0;
  uint64_t mmconfigSizeBytes_ = 0;
  unsigned ivshmemVersion_ = 1;
  std::map<uint16_t, IvshmemV1::Link> links1_;
  std::map<uint16_t, IvshmemV2::Link> links2_;
};

}  // namespace cellvisor::machine::pci
