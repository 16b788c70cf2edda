#include "machine/pci/ivshmem_v2.h"

namespace cellvisor::machine::pci {

namespace {

enum Register : uint64_t { kId = 0x00, kMaximumPeers = 0x04, kInterruptControl = 0x08, kDoorbell = 0x0c, kState = 0x10 };
constexpr uint32_t kVendorCapability = 0x40;
constexpr uint32_t kOneShot = 1u << 24;

}  // namespace

IvshmemV2::IvshmemV2(const PciDeviceConfig& config, const CellConfig& cell, const gic::Partition& partition, gic::Gic& gic,
                     const Ram& ram, Link& link)
    : IvshmemDevice(config, cell, partition, gic,
                    {0x4106110a, 0xff000000u | (static_cast<uint32_t>(config.protocol) << 8), 0x80,
                     kCommandMemory | kCommandMaster | kCommandIntxDisable, 0x60, 1, 0x200, 0x0, 0x100}),
      link_(link) {
  if (config.peers < 1 || config.peers > kMaxPeers || config.regions.size() != 2 + config.peers) {
    throw RangeViolation("an ivshmem v2 device has a state table, an R/W section and one output section per peer");
  }
  if (config.deviceId >= kMaxPeers || link.peers[config.deviceId] != nullptr) {
    throw RangeViolation("the ivshmem device id is too large or taken");
  }
  const Region& table = config.regions[0];
  const uint64_t offset = uint64_t{4} * config.deviceId;
  uint8_t* word = table.sizeBytes >= offset + 4 ? ram.find(table.physStart + offset, 4) : nullptr;
  if (word == nullptr || (reinterpret_cast<uintptr_t>(word) & 3) != 0) {
    throw RangeViolation("the ivshmem state table is not in RAM");
  }
  stateWord_ = reinterpret_cast<uint32_t*>(word);
  link_.peers[config.deviceId] = this;
  IvshmemV2::reset();
}

void IvshmemV2::leave() {
  setState(0);
  link_.peers[config().deviceId] = nullptr;
}

void IvshmemV2::reset() {
  IvshmemDevice::reset();
  const uint64_t tableSizeBytes = config().regions[0].sizeBytes;
  const uint64_t sharedSizeBytes = config().regions[1].sizeBytes;
  const uint64_t outputSizeBytes = config().regions[2].sizeBytes;
  const uint64_t tableAddress = config().regions[0].virtStart;
  dword(0x34) = kVendorCapability;
  dword(kVendorCapability) = 0x00200009u | (usesMsix() ? 0x6000u : 0);
  dword(0x44) = static_cast<uint32_t>(tableSizeBytes);
  dword(0x48) = static_cast<uint32_t>(sharedSizeBytes);
  dword(0x4c) = static_cast<uint32_t>(sharedSizeBytes >> 32);
  dword(0x50) = static_cast<uint32_t>(outputSizeBytes);
  dword(0x54) = static_cast<uint32_t>(outputSizeBytes >> 32);
  dword(0x58) = static_cast<uint32_t>(tableAddress);
  dword(0x5c) = static_cast<uint32_t>(tableAddress >> 32);
  if (usesMsix()) {
    dword(0x60) = 0x00000011u | ((config().msixVectors - 1) << 16);
    dword(0x64) = 0x1;
    dword(0x68) = 0x101;
  }
  interruptControl_ = 0;
  irq_.fill(0);
  setState(0);
}

void IvshmemV2::updateIntx() {
  if (usesMsix()) return;
  const bool enabled = (interruptControl_ & 1) && !(dword(0x04) & kCommandIntxDisable);
  irq_[0] = enabled ? intxIntid() : 0;
}

void IvshmemV2::interrupt(unsigned vector) {
  if (!(interruptControl_ & 1)) return;
  const bool oneShot = (dword(kVendorCapability) & kOneShot) != 0;
  deliver(vector);
  if (oneShot) {
    interruptControl_ = 0;
    updateIntx();
  }
}

void IvshmemV2::setState(uint32_t value) {
  if (value == state_) return;
  state_ = value;
  __atomic_store_n(stateWord_, value, __ATOMIC_RELEASE);
  for (IvshmemV2* peer : link_.peers) {
    if (peer != nullptr && peer != this) peer->interrupt(0);
  }
}

void IvshmemV2::capabilityWrite(uint32_t reg, uint32_t value, uint32_t byteMask) {
  if (reg != kVendorCapability) return;
  const uint32_t writable = byteMask & kOneShot;
  dword(reg) = (dword(reg) & ~writable) | (value & writable);
}

bool IvshmemV2::registerRead(uint64_t offset, uint64_t& value, std::string&) {
  switch (offset) {
    case kId: value = config().deviceId; break;
    case kMaximumPeers: value = config().peers; break;
    case kInterruptControl: value = interruptControl_; break;
    case kState: value = state_; break;
    default: value = 0; break;
  }
  return true;
}

bool IvshmemV2::registerWrite(uint64_t offset, uint64_t value, std::string&) {
  switch (offset) {
    case kInterruptControl:
      interruptControl_ = value & 1;
      updateIntx();
      break;
    case kDoorbell: {
      const unsigned target = (value >> 16) & 0xffff;
      const unsigned vector = value & 0xffff;
      if (target < kMaxPeers && link_.peers[target] != nullptr) link_.peers[target]->interrupt(vector);
      break;
    }
    case kState: setState(static_cast<uint32_t>(value)); break;
    default: break;
  }
  return true;
}

}  // namespace cellvisor::machine::pci
