#pragma once

#include <cstdint>

#include "machine/gic/interrupt_bank.h"

namespace cellvisor::machine::gic {

/**
 * One CPU's GICR frames: control and SGI/PPI state (IHI 0069 12.10, 12.11). No LPIs. Not thread safe: the GIC's lock
 * protects it.
 */
class Redistributor {
 public:
  static constexpr uint64_t kFrameSizeBytes = 0x20000;

  Redistributor(unsigned cpu, uint64_t mpidr, bool isLast) : cpu_(cpu), mpidr_(mpidr), isLast_(isLast) {
    bank_.edge = 0xffff;  // SGIs
  }

  InterruptBank& bank() { return bank_; }

  /** Registers that every cell may read: who this frame belongs to. */
  static bool isPublic(uint64_t offset);
  uint64_t read(uint64_t offset, unsigned sizeBytes) const;
  /** True if SGI or PPI state changed. */
  bool write(uint64_t offset, unsigned sizeBytes, uint64_t value);

  static constexpr uint64_t kTyper = 0x0008;

 private:
  uint32_t readWord(uint32_t offset) const;
  void writeWord(uint32_t offset, uint32_t value, uint32_t byteMask, bool& changed);

  unsigned cpu_;
  uint64_t mpidr_;
  bool isLast_;
  InterruptBank bank_;
  /** ProcessorSleep; the host has woken the redistributor. */
  uint32_t sleep_ = 0;
};

}  // namespace cellvisor::machine::gic
