#include "machine/execution/real_executor.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "machine/machine.h"
#include "machine/threads.h"

namespace cellvisor::machine {

RealExecutor::RealExecutor(Machine& machine, size_t cpuCount)
    : machine_(machine), timerThread_(clock_, [this](uint64_t nowNs) { return expire(nowNs); }) {
  for (size_t cpu = 0; cpu < cpuCount; cpu++) slots_.push_back(std::make_unique<Slot>());
}

RealExecutor::~RealExecutor() = default;

void RealExecutor::add(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  slot.leave = false;
  slot.woken.store(false);
  slot.thread = std::thread([this, &vcpu, &slot] { run(vcpu, slot); });
  slot.member.store(&vcpu);
}

void RealExecutor::remove(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  slot.member.store(nullptr);
  {
    std::lock_guard<std::mutex> lock(machine_.powerMutex());
    slot.leave = true;
  }
  vcpu.powerChanged.notify_all();
  if (slot.thread.joinable()) slot.thread.join();
}

void RealExecutor::switchedOn(Vcpu& vcpu) { vcpu.powerChanged.notify_all(); }
void RealExecutor::resumed(Vcpu& vcpu) { vcpu.powerChanged.notify_all(); }

void RealExecutor::run(Vcpu& vcpu, Slot& slot) {
  prepareThread(("cv-cpu" + std::to_string(vcpu.number())).c_str());
  std::unique_lock<std::mutex> lock(machine_.powerMutex());
  while (true) {
    vcpu.powerChanged.wait(lock, [&] { return slot.leave || vcpu.mayExecute(); });
    if (slot.leave) return;
    vcpu.execute(lock, UINT64_MAX);
  }
}

bool RealExecutor::mustWake(Slot& slot, Vcpu& vcpu) {
  return slot.woken.load() || vcpu.cpu().hasAttention() || vcpu.cpu().irqLine();
}

void RealExecutor::wait(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  slot.sleeping.store(true);
  {
    std::unique_lock<std::mutex> lock(slot.sleepMutex);
    while (!mustWake(slot, vcpu)) {
      const uint64_t deadlineNs = vcpu.deadlineNs();
      if (deadlineNs == kNever) {
        slot.wakeUp.wait(lock);
      } else if (const uint64_t now = clock_.nowNs(); now < deadlineNs) {
        sleepUntil(deadlineNs, slot, vcpu, lock);
      } else {
        lock.unlock();
        vcpu.expireTimers(now);
        lock.lock();
      }
    }
    slot.woken.store(false);
  }
  slot.sleeping.store(false);
  // The timer thread passed over this vCPU while it slept.
  deadlineChanged(vcpu);
}

void RealExecutor::pause(Vcpu&) { std::this_thread::sleep_for(std::chrono::microseconds(20)); }

/**
 * A sleeping thread is woken tens of microseconds late, and guests measure that as timer jitter. So the last stretch is
 * spent awake: at most 100 us, and at most a sixteenth of the wait, so that a fast timer does not cost a whole host CPU.
 */
void RealExecutor::sleepUntil(uint64_t deadlineNs, Slot& slot, Vcpu& vcpu, std::unique_lock<std::mutex>& lock) {
  constexpr uint64_t kMaxAwakeNs = 100000;
  const uint64_t now = clock_.nowNs();
  const uint64_t awakeNs = std::min(kMaxAwakeNs, (deadlineNs - now) / 16);
  slot.wakeUp.wait_until(lock, clock_.at(deadlineNs - awakeNs), [&] { return mustWake(slot, vcpu); });
  lock.unlock();
  while (clock_.nowNs() < deadlineNs && !mustWake(slot, vcpu)) {
    // Not even a yield: it may give the host CPU away for milliseconds.
  }
  lock.lock();
}

void RealExecutor::wake(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  {
    std::lock_guard<std::mutex> lock(slot.sleepMutex);
    slot.woken.store(true);
  }
  slot.wakeUp.notify_one();
}

void RealExecutor::deadlineChanged(Vcpu& vcpu) {
  const uint64_t deadlineNs = vcpu.deadlineNs();
  if (deadlineNs != kNever) timerThread_.arm(deadlineNs);
}

uint64_t RealExecutor::expire(uint64_t nowNs) {
  uint64_t next = kNever;
  for (const auto& slot : slots_) {
    Vcpu* vcpu = slot->member.load();
    if (vcpu == nullptr || slot->sleeping.load()) continue;
    vcpu->expireTimers(nowNs);
    next = std::min(next, vcpu->deadlineNs());
  }
  return next;
}

unsigned RealExecutor::threadCount() const {
  unsigned count = 1;
  for (const auto& slot : slots_) count += slot->thread.joinable() ? 1 : 0;
  return count;
}

}  // namespace cellvisor::machine
