#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "machine/clock/real_clock.h"
#include "machine/clock/ticks.h"

namespace cellvisor::machine {

/**
 * Real clock only: raises timer interrupts of vCPUs that are busy executing. (A vCPU that sleeps in WFI waits for its own
 * deadline.) Its lock comes before the timers'.
 */
class TimerThread {
 public:
  /** `expire(nowNs)` raises what is due and returns the board time of the next deadline, kNever for none. */
  TimerThread(const RealClock& clock, std::function<uint64_t(uint64_t nowNs)> expire);
  ~TimerThread();

  /** Some vCPU has a deadline at this board time. Any thread. */
  void arm(uint64_t deadlineNs);

 private:
  void run();

  const RealClock& clock_;
  std::function<uint64_t(uint64_t)> expire_;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t armedNs_ = kNever;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace cellvisor::machine
