#pragma once

#include <array>

#include "machine/memory/ram.h"
#include "machine/pci/ivshmem_device.h"

namespace cellvisor::machine::pci {

/** ivshmem from Jailhouse v0.12 on (jailhouse-hypervisor reference 11): up to 12 peers and a state table in shared memory. */
class IvshmemV2 final : public IvshmemDevice {
 public:
  static constexpr unsigned kMaxPeers = 12;
  struct Link {
    std::array<IvshmemV2*, kMaxPeers> peers{};
  };

  /** Takes the place of the config's device id in `link`; throws RangeViolation when it is taken or regions are missing. */
  IvshmemV2(const PciDeviceConfig& config, const CellConfig& cell, const gic::Partition& partition, gic::Gic& gic,
            const Ram& ram, Link& link);

  void reset() override;
  void interrupt(unsigned vector) override;
  void leave() override;

 protected:
  bool registerRead(uint64_t offset, uint64_t& value, std::string& cause) override;
  bool registerWrite(uint64_t offset, uint64_t value, std::string& cause) override;
  uint64_t registerWindowSizeBytes() const override { return static_cast<uint32_t>(~config().barMask[0] + 1); }
  void capabilityWrite(uint32_t reg, uint32_t value, uint32_t byteMask) override;
  void commandChanged() override { updateIntx(); }

 private:
  void updateIntx();
  void setState(uint32_t value);

  Link& link_;
  /** This end's word of the state table. */
  uint32_t* stateWord_;
  uint32_t interruptControl_ = 0;
  uint32_t state_ = 0;
};

}  // namespace cellvisor::machine::pci
