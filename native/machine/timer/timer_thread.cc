#include "machine/timer/timer_thread.h"

#include "machine/threads.h"

namespace cellvisor::machine {

TimerThread::TimerThread(const RealClock& clock, std::function<uint64_t(uint64_t)> expire)
    : clock_(clock), expire_(std::move(expire)), thread_([this] { run(); }) {}

TimerThread::~TimerThread() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void TimerThread::arm(uint64_t deadlineNs) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (deadlineNs >= armedNs_) return;
  armedNs_ = deadlineNs;
  changed_.notify_one();
}

void TimerThread::run() {
  prepareThread("cv-timer");
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop_) {
    const uint64_t now = clock_.nowNs();
    if (armedNs_ == kNever) {
      changed_.wait(lock);
    } else if (armedNs_ > now) {
      changed_.wait_until(lock, clock_.at(armedNs_));
    } else {
      // Deadlines set while this runs are either seen by it or arm the thread afterwards: arm() needs the lock.
      armedNs_ = expire_(now);
    }
  }
}

}  // namespace cellvisor::machine
