#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "machine/clock/ticks.h"
#include "machine/cpu/environment.h"
#include "machine/gic/gic.h"

namespace cellvisor::machine {

/**
 * The physical and the virtual EL1 timer of one CPU (Arm ARM D11.2). Both are level sensitive inputs of the CPU's
 * redistributor. Registers are used by the vCPU's thread; the timer thread updates the outputs. Its lock comes before the
 * GIC's.
 */
class GenericTimers {
 public:
  static constexpr unsigned kVirtualIntid = 27;
  static constexpr unsigned kPhysicalIntid = 30;

  GenericTimers(gic::Gic& gic, unsigned cpu) : gic_(gic), cpu_(cpu) {}

  void reset();
  uint64_t read(TimerRegister reg, uint64_t counter);
  void write(TimerRegister reg, uint64_t value, uint64_t counter);
  /** Raises the outputs of timers whose time has come. */
  void update(uint64_t counter);
  /** Counter value at which an output rises next; kNever if none does. Any thread. */
  uint64_t deadline() const { return deadline_.load(); }

 private:
  struct Timer {
    unsigned intid;
    uint32_t control = 0;
    uint64_t compare = 0;
    bool output = false;

    bool condition(uint64_t counter) const;
    uint64_t read(unsigned reg, uint64_t counter) const;
    void write(unsigned reg, uint64_t value, uint64_t counter);
  };
  void updateLocked(uint64_t counter);

  gic::Gic& gic_;
  const unsigned cpu_;
  std::mutex mutex_;
  Timer physical_{kPhysicalIntid};
  Timer virtual_{kVirtualIntid};
  std::atomic<uint64_t> deadline_{kNever};
};

}  // namespace cellvisor::machine
