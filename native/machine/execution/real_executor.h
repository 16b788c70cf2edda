#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "machine/clock/real_clock.h"
#include "machine/execution/executor.h"
#include "machine/timer/timer_thread.h"

namespace cellvisor::machine {

class Machine;

/** One thread per vCPU of a cell. WFI sleeps until the vCPU's own timer is due or an interrupt comes. */
class RealExecutor final : public Executor {
 public:
  RealExecutor(Machine& machine, size_t cpuCount);
  ~RealExecutor() override;

  uint64_t nowNs() const override { return clock_.nowNs(); }
  uint64_t nowNs(Vcpu&) const override { return clock_.nowNs(); }
  void add(Vcpu& vcpu) override;
  void remove(Vcpu& vcpu) override;
  void switchedOn(Vcpu& vcpu) override;
  void resumed(Vcpu& vcpu) override;
  void wait(Vcpu& vcpu) override;
  void pause(Vcpu& vcpu) override;
  void wake(Vcpu& vcpu) override;
  void deadlineChanged(Vcpu& vcpu) override;
  unsigned threadCount() const override;

 private:
  struct Slot {
    std::thread thread;
    /** Set by JavaScript's thread and the vCPU's own, read by the timer thread. */
    std::atomic<Vcpu*> member{nullptr};
    std::atomic<bool> sleeping{false};
    bool leave = false;  ///< guarded by the power lock
    std::mutex sleepMutex;
    std::condition_variable wakeUp;
    std::atomic<bool> woken{false};  ///< set under sleepMutex, so that no wake-up falls between check and sleep
  };
  static bool mustWake(Slot& slot, Vcpu& vcpu);
  void sleepUntil(uint64_t deadlineNs, Slot& slot, Vcpu& vcpu, std::unique_lock<std::mutex>& lock);
  void run(Vcpu& vcpu, Slot& slot);
  uint64_t expire(uint64_t nowNs);

  Machine& machine_;
  RealClock clock_;
  std::vector<std::unique_ptr<Slot>> slots_;
  TimerThread timerThread_;
};

}  // namespace cellvisor::machine
