// The GICD and GICR frames as guests reach them: trapped, with the rules of a cell (jailhouse-hypervisor reference 4.1, 4.2),
// or as the real device where a config has passed the pages through.

#include <cstdio>

#include "machine/gic/gic.h"

namespace cellvisor::machine::gic {

namespace {
/** The accessor is the bus itself, which has no rules. */
constexpr uint64_t kAllCpus = ~uint64_t{0};

/** The real device behind a passed-through page: nothing is checked, as on hardware. */
class Frame final : public BusDevice {
 public:
  Frame(Gic& gic, uint64_t base) : gic_(gic), base_(base) {
    everything_.cpuMask = kAllCpus;
    everything_.intids.fill(~0u);
  }
  bool busRead(uint64_t offset, unsigned sizeBytes, uint64_t& value) override {
    return gic_.cellRead(everything_, base_ + offset, sizeBytes, value) == MmioResult::kHandled;
  }
  bool busWrite(uint64_t offset, unsigned sizeBytes, uint64_t value) override {
    std::string cause;
    return gic_.cellWrite(everything_, base_ + offset, sizeBytes, value, cause) == MmioResult::kHandled;
  }

 private:
  Gic& gic_;
  uint64_t base_;
  Partition everything_;
};

}  // namespace

bool Gic::isDistributor(uint64_t address, unsigned sizeBytes) const {
  return address >= description_.gicdBase && address - description_.gicdBase <= Distributor::kFrameSizeBytes - sizeBytes;
}

bool Gic::isRedistributor(uint64_t address, unsigned sizeBytes) const {
  if (address < description_.gicrBase) return false;
  const uint64_t offset = address - description_.gicrBase;
  // One region per frame: an access across two frames belongs to neither.
  return offset / Redistributor::kFrameSizeBytes < cpus_.size() &&
         offset % Redistributor::kFrameSizeBytes <= Redistributor::kFrameSizeBytes - sizeBytes;
}

MmioResult Gic::cellRead(const Partition& partition, uint64_t address, unsigned sizeBytes, uint64_t& value) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (isDistributor(address, sizeBytes)) {
    value = distributor_.read(address - description_.gicdBase, sizeBytes, partition.intids);
    return MmioResult::kHandled;
  }
  if (!isRedistributor(address, sizeBytes)) return MmioResult::kUnhandled;
  value = redistributorRead(partition, address - description_.gicrBase, sizeBytes);
  return MmioResult::kHandled;
}

uint64_t Gic::redistributorRead(const Partition& partition, uint64_t offset, unsigned sizeBytes) {
  const size_t cpu = offset / Redistributor::kFrameSizeBytes;
  const uint64_t inFrame = offset % Redistributor::kFrameSizeBytes;
  const Redistributor& redistributor = cpus_[cpu].redistributor;
  if (Redistributor::isPublic(inFrame)) {
    // The GA release knows the register by its first offset only.
    const bool upperHalf = inFrame > Redistributor::kTyper && inFrame < Redistributor::kTyper + 8;
    return upperHalf && !typerUpperHalf_ ? 0 : redistributor.read(inFrame, sizeBytes);
  }
  return ((partition.cpuMask >> cpu) & 1) ? redistributor.read(inFrame, sizeBytes) : 0;
}

MmioResult Gic::cellWrite(const Partition& partition, uint64_t address, unsigned sizeBytes, uint64_t value,
                          std::string& cause) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!isDistributor(address, sizeBytes)) {
    if (!isRedistributor(address, sizeBytes)) return MmioResult::kUnhandled;
    redistributorWrite(partition, address - description_.gicrBase, sizeBytes, value);
    return MmioResult::kHandled;
  }
  const uint64_t offset = address - description_.gicdBase;
  const auto effect = distributor_.write(offset, sizeBytes, value, partition.intids, [&](uint64_t affinity) {
    const int cpu = cpuByAffinity(affinity);
    return partition.cpuMask == kAllCpus || (cpu >= 0 && ((partition.cpuMask >> cpu) & 1));
  });
  if (effect.forbiddenRoute != 0) {
    char line[64];
    std::snprintf(line, sizeof line, "Attempt to route IRQ%u outside of cell\n", effect.forbiddenRoute);
    cause = line;
    return MmioResult::kForbidden;
  }
  for (uint32_t banks = effect.changedBanks; banks != 0; banks &= banks - 1) {
    deliverBank(static_cast<unsigned>(__builtin_ctz(banks)));
  }
  return MmioResult::kHandled;
}

void Gic::redistributorWrite(const Partition& partition, uint64_t offset, unsigned sizeBytes, uint64_t value) {
  const unsigned cpu = static_cast<unsigned>(offset / Redistributor::kFrameSizeBytes);
  if (!((partition.cpuMask >> cpu) & 1)) return;
  if (cpus_[cpu].redistributor.write(offset % Redistributor::kFrameSizeBytes, sizeBytes, value)) deliverPpis(cpu);
}

void Gic::attachTo(Bus& bus) {
  frames_.push_back(std::make_unique<Frame>(*this, description_.gicdBase));
  bus.attach(description_.gicdBase, Distributor::kFrameSizeBytes, frames_.back().get());
  frames_.push_back(std::make_unique<Frame>(*this, description_.gicrBase));
  bus.attach(description_.gicrBase, Redistributor::kFrameSizeBytes * cpus_.size(), frames_.back().get());
}

}  // namespace cellvisor::machine::gic
