#include "machine/pci/ivshmem_v1.h"

#include <cinttypes>
#include <cstdio>

namespace cellvisor::machine::pci {

namespace {

enum Register : uint64_t { kIntxControl = 0x00, kIvPosition = 0x08, kDoorbell = 0x0c, kLocalState = 0x10, kRemoteState = 0x14 };

std::string invalidRegister(const char* direction, uint64_t offset) {
  char line[80];
  std::snprintf(line, sizeof line, "FATAL: Invalid ivshmem register %s, number %02" PRIx64 "\n", direction, offset);
  return line;
}

}  // namespace

IvshmemV1::IvshmemV1(const PciDeviceConfig& config, const CellConfig& cell, const gic::Partition& partition, gic::Gic& gic,
                     Link& link)
    : IvshmemDevice(config, cell, partition, gic,
                    {0x11101af4, 0xff000000u | (static_cast<uint32_t>(config.protocol) << 8), 0x5c,
                     kCommandMemory | kCommandMaster, 0x50, 4, 0x20, 0x4, 0x10}),
      link_(link) {
  if (config.regions.size() != 1) throw RangeViolation("an ivshmem v1 device has one shared region");
  if (config.msixVectors > 1) throw RangeViolation("an ivshmem v1 device has at most one MSI-X vector");
  if (link.ends[0] != nullptr && link.ends[1] != nullptr) throw RangeViolation("both ends of the ivshmem link are in use");
  position_ = link.ends[0] == nullptr ? 0 : 1;
  link_.ends[position_] = this;
  IvshmemV1::reset();
}

void IvshmemV1::leave() {
  interruptPeer();
  link_.ends[position_] = nullptr;
}

void IvshmemV1::reset() {
  // INTX_CTRL and the interrupt number survive: the GA release forgets to clear them.
  IvshmemDevice::reset();
  const Region& shared = config().regions[0];
  dword(0x40) = static_cast<uint32_t>(shared.virtStart);
  dword(0x44) = static_cast<uint32_t>(shared.virtStart >> 32);
  dword(0x48) = static_cast<uint32_t>(shared.sizeBytes);
  dword(0x4c) = static_cast<uint32_t>(shared.sizeBytes >> 32);
  if (usesMsix()) {
    dword(0x34) = 0x50;
    dword(0x50) = 0x00000011;
    dword(0x54) = 0x4;
    dword(0x58) = 0x14;
  }
  state_ = 0;
}

void IvshmemV1::interrupt(unsigned vector) { deliver(vector); }

void IvshmemV1::interruptPeer() {
  if (peer() != nullptr) peer()->interrupt(0);
}

bool IvshmemV1::registerRead(uint64_t offset, uint64_t& value, std::string& cause) {
  switch (offset) {
    case kIntxControl: value = intxControl_; return true;
    case kIvPosition: value = position_; return true;
    case kDoorbell: value = 0; return true;
    case kLocalState: value = state_; return true;
    case kRemoteState: value = peer() != nullptr ? peer()->state_ : 0; return true;
    default:
      cause = invalidRegister("read", offset);
      return false;
  }
}

bool IvshmemV1::registerWrite(uint64_t offset, uint64_t value, std::string& cause) {
  switch (offset) {
    case kIntxControl:
      intxControl_ = value & 1;
      if (!usesMsix()) irq_[0] = intxControl_ ? intxIntid() : 0;
      return true;
    case kDoorbell:
      interruptPeer();
      return true;
    case kLocalState:
      state_ = static_cast<uint32_t>(value);
      interruptPeer();
      return true;
    default:
      cause = invalidRegister("write", offset);
      return false;
  }
}

}  // namespace cellvisor::machine::pci
