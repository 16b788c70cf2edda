#pragma once

#include <array>
#include <cstdint>

#include "machine/gic/interrupt_bank.h"
#include "machine/gic/partition.h"

namespace cellvisor::machine::gic {

/**
 * The GICD frame: state and registers of all SPIs (IHI 0069 12.9), with affinity routing on, as a non-secure world sees it.
 * Every access names the interrupts that the accessor may see and change. Not thread safe: the GIC's lock protects it.
 */
class Distributor {
 public:
  static constexpr uint64_t kFrameSizeBytes = 0x10000;

  explicit Distributor(unsigned spiCount);

  bool hasSpi(unsigned intid) const { return intid >= kFirstSpi && intid < intidEnd_; }
  InterruptBank& bank(unsigned index) { return banks_[index]; }
  unsigned bankCount() const { return (intidEnd_ + 31) / 32; }
  uint64_t route(unsigned intid) const { return routes_[intid]; }
  void setRoute(unsigned intid, uint64_t affinity) { routes_[intid] = affinity & kAffinityMask; }

  uint64_t read(uint64_t offset, unsigned sizeBytes, const IntidSet& visible) const;

  struct WriteEffect {
    /** Banks whose interrupts may have become deliverable. */
    uint32_t changedBanks = 0;
    /** INTID of an IROUTER write that `mayRoute` refused; 0 otherwise. */
    unsigned forbiddenRoute = 0;
  };
  /** `mayRoute(affinity)`: whether the accessor may send its interrupts there. */
  template <class MayRoute>
  WriteEffect write(uint64_t offset, unsigned sizeBytes, uint64_t value, const IntidSet& visible, MayRoute mayRoute) {
    WriteEffect effect;
    if (!isRouter(offset)) {
      writeRegisters(offset, sizeBytes, value, visible, effect);
      return effect;
    }
    const unsigned intid = routedIntid(offset, visible);
    if (intid != 0 && !mayRoute(value)) {
      effect.forbiddenRoute = intid;
    } else if (intid != 0) {
      setRoute(intid, value);
      effect.changedBanks = 1u << (intid / 32);
    }
    return effect;
  }

 private:
  static bool isRouter(uint64_t offset);
  /** The INTID whose router a write at `offset` sets; 0 if the write has no effect. */
  unsigned routedIntid(uint64_t offset, const IntidSet& visible) const;
  void writeRegisters(uint64_t offset, unsigned sizeBytes, uint64_t value, const IntidSet& visible, WriteEffect& effect);
  uint32_t readWord(uint32_t offset, const IntidSet& visible) const;
  void writeWord(uint32_t offset, uint32_t value, uint32_t byteMask, const IntidSet& visible, WriteEffect& effect);
  uint32_t implemented(unsigned bank) const;

  unsigned intidEnd_;
  std::array<InterruptBank, 32> banks_{};
  std::array<uint64_t, 1024> routes_{};
};

}  // namespace cellvisor::machine::gic
