#include "machine/pci/ivshmem_device.h"

#include <cstdio>

namespace cellvisor::machine::pci {

namespace {

constexpr uint32_t kBarStart = 0x10, kBarEnd = 0x28;
constexpr uint32_t kRomStart = 0x30, kRomEnd = 0x34;
constexpr uint32_t kCapabilityStart = 0x40;
constexpr uint32_t kMsixEnable = 1u << 31, kMsixFunctionMask = 1u << 30;
constexpr uint32_t kStatusCapabilityList = 0x0010u << 16;

}  // namespace

IvshmemDevice::IvshmemDevice(const PciDeviceConfig& config, const CellConfig& cell, const gic::Partition& partition,
                             gic::Gic& gic, const Layout& layout)
    : config_(config), layout_(layout), vpciIrqBaseIntid_(cell.vpciIrqBaseIntid), partition_(partition), gic_(gic) {
  if (config.msixVectors > kMaxVectors) throw RangeViolation("more than 16 MSI-X vectors");
}

void IvshmemDevice::reset() {
  space_.fill(0);
  dword(0x00) = layout_.deviceAndVendor;
  dword(0x04) = kStatusCapabilityList;
  dword(0x08) = layout_.classAndRevision;
  dword(0x2c) = layout_.deviceAndVendor;
  if (!usesMsix()) dword(0x3c) = (pin() + 1) << 8;
  bars_.fill(0);
  bars_[0] = layout_.barType;
  if (usesMsix()) bars_[layout_.msixBar] = layout_.barType;
  msix_.fill(MsixEntry());
  windows_.clear();
}

bool IvshmemDevice::configRead(uint32_t reg, unsigned sizeBytes, uint64_t& value) const {
  if (sizeBytes > 4) return false;
  const unsigned shift = 8 * (reg & 3);
  if (reg >= kBarStart && reg < kBarEnd) {
    value = bars_[(reg - kBarStart) / 4] >> shift;
  } else if (reg >= kRomStart && reg < kRomEnd) {
    value = 0;
  } else if (reg < layout_.sizeBytes) {
    value = space_[reg / 4] >> shift;
  } else {
    value = ~uint64_t{0};
  }
  return true;
}

bool IvshmemDevice::configWrite(uint32_t reg, unsigned sizeBytes, uint64_t value) {
  if (sizeBytes > 4 || reg >= layout_.sizeBytes) return false;
  const unsigned shift = 8 * (reg & 3);
  const uint32_t lanes = sizeBytes == 4 ? ~0u : (1u << (8 * sizeBytes)) - 1;
  const uint32_t byteMask = lanes << shift;
  const uint32_t shifted = static_cast<uint32_t>(value) << shift;
  if (reg < kCapabilityStart) return writeLowConfig(reg, sizeBytes, shifted, byteMask);
  if (usesMsix() && (reg & ~3u) == layout_.msixCapability) {
    const uint32_t writable = byteMask & (kMsixEnable | kMsixFunctionMask);
    uint32_t& control = dword(reg);
    control = (control & ~writable) | (shifted & writable);
    return updateMsix();
  }
  capabilityWrite(reg & ~3u, shifted, byteMask);
  return true;
}

bool IvshmemDevice::writeLowConfig(uint32_t reg, unsigned sizeBytes, uint32_t value, uint32_t byteMask) {
  if (reg >= kBarStart && reg < kBarEnd) {
    const unsigned bar = (reg - kBarStart) / 4;
    const uint32_t writable = byteMask & config_.barMask[bar];
    bars_[bar] = (bars_[bar] & ~writable) | (value & writable);
    return true;
  }
  if (reg >= 0x04 && reg < 0x08) return writeCommand(value, byteMask);
  const bool ignored = (reg >= 0x0c && reg < 0x10) || (reg >= kRomStart && reg < kRomEnd) || (reg == 0x3c && sizeBytes == 1);
  return ignored;
}

bool IvshmemDevice::writeCommand(uint32_t value, uint32_t byteMask) {
  const uint32_t writable = byteMask & layout_.commandBits;
  uint32_t& command = dword(0x04);
  const uint32_t old = command;
  command = (old & ~writable) | (value & writable);
  const uint32_t changed = old ^ command;
  if (changed & kCommandMemory) {
    windows_.clear();
    if (command & kCommandMemory) openWindows();
  }
  if (usesMsix()) return updateMsix();
  commandChanged();
  return true;
}

uint64_t IvshmemDevice::barAddress(unsigned bar) const {
  const uint64_t low = bars_[bar] & ~uint32_t{0xf};
  return layout_.barType == 0 ? low : (static_cast<uint64_t>(bars_[bar + 1]) << 32) | low;
}

/** The addresses are latched here: a BAR that is rewritten while decode is on does not move its window. */
void IvshmemDevice::openWindows() {
  windows_.push_back({barAddress(0), registerWindowSizeBytes(), false});
  if (usesMsix()) windows_.push_back({barAddress(layout_.msixBar), layout_.msixBarSizeBytes, true});
}

bool IvshmemDevice::barRead(const BarWindow& window, uint64_t offset, uint64_t& value, std::string& cause) {
  if (!window.isMsixTable) return registerRead(offset, value, cause);
  const uint64_t tableEnd = config_.msixVectors * 16;
  if ((offset & 3) != 0) {
    cause = msixFault();
    return false;
  }
  value = offset < tableEnd ? msix_[offset / 16].words[(offset % 16) / 4] : 0;
  return true;
}

bool IvshmemDevice::barWrite(const BarWindow& window, uint64_t offset, uint64_t value, std::string& cause) {
  if (!window.isMsixTable) return registerWrite(offset, value, cause);
  const uint64_t tableEnd = config_.msixVectors * 16;
  if ((offset & 3) == 0 && offset < tableEnd) {
    msix_[offset / 16].words[(offset % 16) / 4] = static_cast<uint32_t>(value);
    if (updateMsix()) return true;
  } else if ((offset & 3) == 0 && offset < layout_.pendingOffset) {
    return true;  // vectors that this device does not have
  }
  cause = msixFault();
  return false;
}

bool IvshmemDevice::updateMsix() {
  const uint32_t control = dword(layout_.msixCapability);
  const bool enabled = (control & kMsixEnable) && !(control & kMsixFunctionMask) && (dword(0x04) & kCommandMaster);
  bool valid = true;
  for (unsigned vector = 0; vector < config_.msixVectors; vector++) {
    const MsixEntry& entry = msix_[vector];
    irq_[vector] = 0;
    if (!enabled || entry.masked()) continue;
    const unsigned intid = entry.words[2];
    if (intid >= kFirstSpi && partition_.owns(intid)) {
      irq_[vector] = intid;
    } else {
      valid = false;
    }
  }
  return valid;
}

void IvshmemDevice::deliver(unsigned vector) {
  if (vector < kMaxVectors && irq_[vector] != 0) gic_.setSpiPending(irq_[vector]);
}

std::string IvshmemDevice::msixFault() const {
  char line[96];
  std::snprintf(line, sizeof line, "FATAL: Invalid PCI MSI-X table/PBA access, device %02x:%02x.%x\n", bdf() >> 8,
                (bdf() >> 3) & 0x1f, bdf() & 7);
  return line;
}

}  // namespace cellvisor::machine::pci
