#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "machine/config.h"
#include "machine/gic/gic.h"
#include "machine/gic/partition.h"

namespace cellvisor::machine::pci {

/** One MMIO window of a device, while its memory decode is on. */
struct BarWindow {
  uint64_t start = 0;
  uint64_t sizeBytes = 0;
  bool isMsixTable = false;
};

/**
 * What the two versions of the ivshmem device have in common: config space with its write rules, BARs, MSI-X, and the
 * interrupt that the other end triggers (jailhouse-hypervisor reference 10, 11). Not thread safe: the PCI host's lock
 * protects it. Accesses return false when they are fatal for the CPU; `cause` is then the line to print.
 */
class IvshmemDevice {
 public:
  virtual ~IvshmemDevice() = default;
  IvshmemDevice(const IvshmemDevice&) = delete;
  IvshmemDevice& operator=(const IvshmemDevice&) = delete;

  uint16_t bdf() const { return config_.bdf; }
  const PciDeviceConfig& config() const { return config_; }

  bool configRead(uint32_t reg, unsigned sizeBytes, uint64_t& value) const;
  bool configWrite(uint32_t reg, unsigned sizeBytes, uint64_t value);

  const std::vector<BarWindow>& windows() const { return windows_; }
  bool barRead(const BarWindow& window, uint64_t offset, uint64_t& value, std::string& cause);
  bool barWrite(const BarWindow& window, uint64_t offset, uint64_t value, std::string& cause);

  /** Cell start and creation. */
  virtual void reset();
  /** Triggers interrupt `vector` of this end. */
  virtual void interrupt(unsigned vector) = 0;
  /** Takes the device out of its link. */
  virtual void leave() = 0;

 protected:
  static constexpr unsigned kMaxVectors = 16;
  static constexpr uint32_t kCommandMemory = 1u << 1, kCommandMaster = 1u << 2, kCommandIntxDisable = 1u << 10;

  /** Where the versions differ within config space. */
  struct Layout {
    uint32_t deviceAndVendor;
    uint32_t classAndRevision;
    /** Bytes of config space; reads above give all ones, writes above are fatal. */
    uint32_t sizeBytes;
    uint32_t commandBits;
    /** Offset of the MSI-X capability. */
    uint32_t msixCapability;
    /** Index of the BAR that holds the MSI-X table, and its size. */
    unsigned msixBar;
    uint64_t msixBarSizeBytes;
    /** BAR type bits: 0x4 for 64-bit BARs. */
    uint32_t barType;
    /** Offset of the pending bits within the MSI-X BAR. */
    uint64_t pendingOffset;
  };

  IvshmemDevice(const PciDeviceConfig& config, const CellConfig& cell, const gic::Partition& partition, gic::Gic& gic,
                const Layout& layout);

  uint32_t& dword(uint32_t reg) { return space_[reg / 4]; }
  bool usesMsix() const { return config_.msixVectors > 0; }
  unsigned intxIntid() const { return vpciIrqBaseIntid_ + pin(); }
  /** Sets `irq_[vector]` pending if it is configured. */
  void deliver(unsigned vector);

  virtual bool registerRead(uint64_t offset, uint64_t& value, std::string& cause) = 0;
  virtual bool registerWrite(uint64_t offset, uint64_t value, std::string& cause) = 0;
  virtual uint64_t registerWindowSizeBytes() const = 0;
  /** A write to 0x40 or above, other than MSI-X control. */
  virtual void capabilityWrite(uint32_t reg, uint32_t value, uint32_t byteMask) = 0;
  /** The command register changed in INTx mode. */
  virtual void commandChanged() = 0;

  /** INTID of each vector, 0 while it is not configured. In INTx mode the first one counts. */
  std::array<unsigned, kMaxVectors> irq_{};

 private:
  struct MsixEntry {
    std::array<uint32_t, 4> words{0, 0, 0, 1};
    bool masked() const { return (words[3] & 1) != 0; }
  };

  unsigned pin() const { return (config_.bdf >> 3) & 3; }
  bool writeLowConfig(uint32_t reg, unsigned sizeBytes, uint32_t value, uint32_t byteMask);
  bool writeCommand(uint32_t value, uint32_t byteMask);
  void openWindows();
  uint64_t barAddress(unsigned bar) const;
  bool updateMsix();
  std::string msixFault() const;

  const PciDeviceConfig config_;
  const Layout layout_;
  const unsigned vpciIrqBaseIntid_;
  const gic::Partition& partition_;
  gic::Gic& gic_;
  std::array<uint32_t, 32> space_{};
  std::array<uint32_t, 6> bars_{};
  std::array<MsixEntry, kMaxVectors> msix_{};
  std::vector<BarWindow> windows_;
};

}  // namespace cellvisor::machine::pci
