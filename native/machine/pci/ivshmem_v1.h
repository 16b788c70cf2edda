#pragma once

#include <array>

#include "machine/pci/ivshmem_device.h"

namespace cellvisor::machine::pci {

/** ivshmem as up to Jailhouse v0.11 (jailhouse-hypervisor reference 10): two ends, one shared region, a state word each. */
class IvshmemV1 final : public IvshmemDevice {
 public:
  /** The connection of two ends, named by BDF. */
  struct Link {
    std::array<IvshmemV1*, 2> ends{};
  };

  /** Takes the first free end of `link`; throws RangeViolation when both are in use. */
  IvshmemV1(const PciDeviceConfig& config, const CellConfig& cell, const gic::Partition& partition, gic::Gic& gic, Link& link);

  void reset() override;
  void interrupt(unsigned vector) override;
  void leave() override;

 protected:
  bool registerRead(uint64_t offset, uint64_t& value, std::string& cause) override;
  bool registerWrite(uint64_t offset, uint64_t value, std::string& cause) override;
  uint64_t registerWindowSizeBytes() const override { return 0x100; }
  void capabilityWrite(uint32_t, uint32_t, uint32_t) override {}
  void commandChanged() override {}

 private:
  IvshmemV1* peer() const { return link_.ends[1 - position_]; }
  void interruptPeer();

  Link& link_;
  unsigned position_;
  uint32_t intxControl_ = 0;
  uint32_t state_ = 0;
};

}  // namespace cellvisor::machine::pci
