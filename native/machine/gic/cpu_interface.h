#pragma once

#include <array>
#include <cstdint>

#include "machine/cpu/environment.h"

namespace cellvisor::machine::gic {

constexpr unsigned kSpurious = 1023;

/**
 * The virtual CPU interface of one CPU: the list registers that the hypervisor fills and the ICC_*_EL1 registers that the
 * guest sees (IHI 0069 chapter 6, ICV_* and ICH_*). Five priority bits and four list registers, as Cortex-A53, A35 and
 * A72 have. Not thread safe: the GIC's lock protects it.
 */
class CpuInterface {
 public:
  enum class Injection { kDone, kAlreadyListed, kFull };
  /** `hardware`: the guest's deactivation deactivates the physical interrupt of the same INTID. */
  Injection inject(unsigned intid, uint8_t priority, bool hardware);

  /** List registers emptied, all registers as after reset: everything masked (jailhouse-hypervisor reference 4.5). */
  void reset();

  /** Level of the virtual IRQ line to the core. */
  bool irqAsserted() const;
  /** True if some list register holds a pending interrupt, whatever the guest's masks say. */
  bool hasPending() const;
  unsigned listedCount() const;

  uint64_t read(IccRegister reg);
  /** Returns the INTID of a physical interrupt that this access deactivated, or kSpurious. */
  unsigned write(IccRegister reg, uint64_t value);

 private:
  struct ListRegister {
    unsigned intid = 0;
    uint8_t priority = 0;
    bool pending = false;
    bool active = false;
    bool hardware = false;
    bool valid() const { return pending || active; }
  };
  static constexpr unsigned kNoPriority = 0x100;

  const ListRegister* highestPending() const;
  uint8_t groupPriority(uint8_t priority) const;
  unsigned runningPriority() const;
  bool preempts(const ListRegister& entry) const;
  unsigned acknowledge();
  unsigned deactivate(unsigned intid);

  std::array<ListRegister, 4> list_{};
  uint8_t priorityMask_ = 0;
  uint8_t binaryPoint1_ = kMinBinaryPoint1;
  uint8_t binaryPoint0_ = kMinBinaryPoint0;
  bool group1Enabled_ = false;
  bool group0Enabled_ = false;
  bool eoiMode_ = false;
  bool commonBinaryPoint_ = false;
  /** One bit per group priority that is being handled; bit 0 is the highest. */
  uint32_t activePriorities1_ = 0;
  uint32_t activePriorities0_ = 0;

  static constexpr uint8_t kMinBinaryPoint1 = 3;
  static constexpr uint8_t kMinBinaryPoint0 = 2;
};

}  // namespace cellvisor::machine::gic
