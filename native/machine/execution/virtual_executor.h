#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "machine/clock/ticks.h"
#include "machine/execution/executor.h"

namespace cellvisor::machine {

class Machine;

/**
 * Deterministic execution. One instruction takes one nanosecond of board time. A single thread executes the vCPUs one
 * after the other in slices of board time, in the order of their numbers; when all of them wait, time jumps to the next
 * timer. So a run depends on nothing but its input and the times at which the input comes: hold the clock with a limit
 * to give input at an exact time.
 */
class VirtualExecutor final : public Executor {
 public:
  enum class Rest { kNone, kLimit, kIdle };

  VirtualExecutor(Machine& machine, size_t cpuCount);
  ~VirtualExecutor() override;

  uint64_t nowNs() const override { return nowNs_.load(); }
  uint64_t nowNs(Vcpu& vcpu) const override;
  void add(Vcpu& vcpu) override;
  void remove(Vcpu& vcpu) override;
  void switchedOn(Vcpu& vcpu) override;
  void resumed(Vcpu& vcpu) override;
  void wait(Vcpu& vcpu) override;
  void pause(Vcpu& vcpu) override;
  void wake(Vcpu& vcpu) override;
  void deadlineChanged(Vcpu& vcpu) override;
  unsigned threadCount() const override { return 1; }

  /** Hold all vCPUs from this board time on; kNever: never. */
  void setLimit(uint64_t limitNs);
  /**
   * Why nothing executes, if so. Input given since (an interrupt, a started cell) counts as no rest, and so does a CPU that
   * a debugger holds: it goes on at the same board time.
   */
  Rest rest();

 private:
  struct Slot {
    Vcpu* member = nullptr;  ///< guarded by the power lock
    /** The vCPU's own board time: up to a slice ahead of the common one while it executes. */
    uint64_t localNs = 0;
    /** Instruction count that belongs to `localNs`. */
    uint64_t countAtLocal = 0;
    bool waiting = false;
    /** The vCPU gave up the rest of its slice. */
    bool pausing = false;
    std::atomic<bool> woken{false};
  };
  static constexpr uint64_t kSliceNs = 10000;

  void run();
  void step(std::unique_lock<std::mutex>& lock);
  void runSlice(Slot& slot, uint64_t sliceEndNs, std::unique_lock<std::mutex>& lock);
  bool isRunning(const Slot& slot) const;
  bool isIdle(const Slot& slot) const;
  void comeToRest(Rest reason, std::unique_lock<std::mutex>& lock);
  void kick();

  Machine& machine_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::atomic<uint64_t> nowNs_{0};
  std::atomic<uint64_t> limitNs_{kNever};
  std::atomic<bool> stop_{false};
  /** A leaf lock: taken while the GIC's is held. */
  std::mutex restMutex_;
  std::condition_variable kickedChanged_;
  bool kicked_ = false;
  Rest rest_ = Rest::kNone;
  std::thread thread_;
};

}  // namespace cellvisor::machine
