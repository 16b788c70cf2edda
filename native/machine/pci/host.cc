#include "machine/pci/host.h"

#include <cstdio>

namespace cellvisor::machine::pci {

namespace {

IvshmemDevice* find(const Devices& devices, uint16_t bdf) {
  for (const auto& device : devices) {
    if (device->bdf() == bdf) return device.get();
  }
  return nullptr;
}

struct WindowHit {
  IvshmemDevice* device = nullptr;
  const BarWindow* window = nullptr;
};

/** The whole access must lie inside one window. */
WindowHit findWindow(const Devices& devices, uint64_t address, unsigned sizeBytes) {
  for (const auto& device : devices) {
    for (const BarWindow& window : device->windows()) {
      if (address < window.start || window.sizeBytes < sizeBytes) continue;
      if (address - window.start <= window.sizeBytes - sizeBytes) return {device.get(), &window};
    }
  }
  return {};
}

}  // namespace

void Host::configure(const HypervisorConfig& config) {
  std::lock_guard<std::mutex> lock(mutex_);
  ivshmemVersion_ = config.traits.ivshmemVersion;
  mmconfigBase_ = config.mmconfigBase;
  mmconfigSizeBytes_ = config.hasMmconfig ? (uint64_t{config.mmconfigEndBus} + 1) << 20 : 0;
}

Devices Host::attach(const CellConfig& cell, const gic::Partition& partition) {
  std::lock_guard<std::mutex> lock(mutex_);
  Devices devices;
  try {
    for (const PciDeviceConfig& config : cell.pciDevices) {
      if (find(devices, config.bdf) != nullptr) throw RangeViolation("two PCI devices of a cell have the same BDF");
      if (ivshmemVersion_ == 1) {
        devices.push_back(std::make_unique<IvshmemV1>(config, cell, partition, gic_, links1_[config.bdf]));
      } else {
        devices.push_back(std::make_unique<IvshmemV2>(config, cell, partition, gic_, ram_, links2_[config.bdf]));
      }
    }
  } catch (...) {
    remove(devices);
    throw;
  }
  return devices;
}

void Host::detach(Devices& devices) {
  std::lock_guard<std::mutex> lock(mutex_);
  remove(devices);
}

void Host::remove(Devices& devices) {
  for (const auto& device : devices) device->leave();
  devices.clear();
}

void Host::reset(Devices& devices) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& device : devices) device->reset();
}

bool Host::isConfigAccess(uint64_t address, unsigned sizeBytes) const {
  return mmconfigSizeBytes_ != 0 && address >= mmconfigBase_ && address - mmconfigBase_ <= mmconfigSizeBytes_ - sizeBytes;
}

MmioResult Host::read(Devices& devices, uint64_t address, unsigned sizeBytes, uint64_t& value, std::string& cause) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isConfigAccess(address, sizeBytes)) {
    const uint64_t offset = address - mmconfigBase_;
    const IvshmemDevice* device = find(devices, static_cast<uint16_t>(offset >> 12));
    if (device == nullptr && sizeBytes <= 4) {
      value = ~uint64_t{0};
      return MmioResult::kHandled;
    }
    if (device != nullptr && device->configRead(offset & 0xfff, sizeBytes, value)) return MmioResult::kHandled;
    cause = invalidConfigAccess("read", offset, sizeBytes);
    return MmioResult::kForbidden;
  }
  const WindowHit hit = findWindow(devices, address, sizeBytes);
  if (hit.device == nullptr) return MmioResult::kUnhandled;
  return hit.device->barRead(*hit.window, address - hit.window->start, value, cause) ? MmioResult::kHandled
                                                                                   : MmioResult::kForbidden;
}

MmioResult Host::write(Devices& devices, uint64_t address, unsigned sizeBytes, uint64_t value, std::string& cause) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isConfigAccess(address, sizeBytes)) {
    const uint64_t offset = address - mmconfigBase_;
    IvshmemDevice* device = find(devices, static_cast<uint16_t>(offset >> 12));
    if (device != nullptr && device->configWrite(offset & 0xfff, sizeBytes, value)) return MmioResult::kHandled;
    cause = invalidConfigAccess("write", offset, sizeBytes);
    return MmioResult::kForbidden;
  }
  const WindowHit hit = findWindow(devices, address, sizeBytes);
  if (hit.device == nullptr) return MmioResult::kUnhandled;
  return hit.device->barWrite(*hit.window, address - hit.window->start, value, cause) ? MmioResult::kHandled
                                                                                    : MmioResult::kForbidden;
}

std::string Host::invalidConfigAccess(const char* direction, uint64_t offset, unsigned sizeBytes) const {
  const unsigned bdf = static_cast<unsigned>(offset >> 12) & 0xffff;
  // The newer releases, which are those with ivshmem v2, print the register with its prefix.
  const char* prefix = ivshmemVersion_ == 2 ? "0x" : "";
  char line[112];
  std::snprintf(line, sizeof line, "FATAL: Invalid PCI MMCONFIG %s, device %02x:%02x.%x, reg: %s%x, size: %u\n", direction,
                bdf >> 8, (bdf >> 3) & 0x1f, bdf & 7, prefix, static_cast<unsigned>(offset & 0xfff), sizeBytes);
  return line;
}

}  // namespace cellvisor::machine::pci
