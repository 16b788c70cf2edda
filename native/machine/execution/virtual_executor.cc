#include "machine/execution/virtual_executor.h"

#include <algorithm>

#include "machine/machine.h"
#include "machine/threads.h"

namespace cellvisor::machine {

VirtualExecutor::VirtualExecutor(Machine& machine, size_t cpuCount) : machine_(machine) {
  for (size_t cpu = 0; cpu < cpuCount; cpu++) slots_.push_back(std::make_unique<Slot>());
  thread_ = std::thread([this] { run(); });
}

VirtualExecutor::~VirtualExecutor() {
  stop_.store(true);
  kick();
  thread_.join();
}

void VirtualExecutor::add(Vcpu& vcpu) {
  ControlLock lock(machine_);
  Slot& slot = *slots_[vcpu.number()];
  slot.member = &vcpu;
  slot.localNs = nowNs_.load();
  slot.waiting = false;
  slot.woken.store(false);
}

void VirtualExecutor::remove(Vcpu& vcpu) {
  ControlLock lock(machine_);
  slots_[vcpu.number()]->member = nullptr;
}

void VirtualExecutor::switchedOn(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  slot.waiting = false;
  slot.localNs = std::max(slot.localNs, nowNs_.load());
  kick();
}

void VirtualExecutor::resumed(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  // A step leaves WFI, as it may at any time.
  if (vcpu.stepping) slot.waiting = false;
  // It goes on where it was, unless other cells have left that time behind.
  const uint64_t now = nowNs_.load();
  if (slot.localNs + kSliceNs < now) slot.localNs = now;
  kick();
}

uint64_t VirtualExecutor::nowNs(Vcpu& vcpu) const {
  const Slot& slot = *slots_[vcpu.number()];
  return slot.localNs + (vcpu.cpu().instructionCount() - slot.countAtLocal);
}

void VirtualExecutor::wait(Vcpu& vcpu) {
  Slot& slot = *slots_[vcpu.number()];
  if (slot.woken.exchange(false) || vcpu.cpu().irqLine()) return;
  slot.waiting = true;
  vcpu.cpu().requestStop();
}

void VirtualExecutor::pause(Vcpu& vcpu) {
  slots_[vcpu.number()]->pausing = true;
  vcpu.cpu().requestStop();
}

void VirtualExecutor::wake(Vcpu& vcpu) {
  slots_[vcpu.number()]->woken.store(true);
  kick();
}

void VirtualExecutor::deadlineChanged(Vcpu& vcpu) { vcpu.cpu().requestStop(); }

void VirtualExecutor::setLimit(uint64_t limitNs) {
  limitNs_.store(limitNs);
  kick();
}

VirtualExecutor::Rest VirtualExecutor::rest() {
  std::lock_guard<std::mutex> lock(restMutex_);
  return rest_;
}

void VirtualExecutor::kick() {
  {
    std::lock_guard<std::mutex> lock(restMutex_);
    kicked_ = true;
    rest_ = Rest::kNone;
  }
  kickedChanged_.notify_one();
}

void VirtualExecutor::comeToRest(Rest reason, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  {
    std::unique_lock<std::mutex> restLock(restMutex_);
    if (!kicked_) {
      rest_ = reason;
      if (reason != Rest::kNone) machine_.events().wake();
      kickedChanged_.wait(restLock, [this] { return kicked_; });
    }
    kicked_ = false;
  }
  lock.lock();
}

bool VirtualExecutor::isRunning(const Slot& slot) const {
  return slot.member != nullptr && slot.member->mayExecute();
}

bool VirtualExecutor::isIdle(const Slot& slot) const {
  return slot.waiting && !slot.woken.load() && !slot.member->cpu().irqLine();
}

void VirtualExecutor::run() {
  prepareThread("cv-virtual");
  std::unique_lock<std::mutex> lock(machine_.powerMutex());
  while (!stop_.load()) {
    machine_.yieldToControl(lock);
    step(lock);
  }
}

void VirtualExecutor::step(std::unique_lock<std::mutex>& lock) {
  const uint64_t limit = limitNs_.load();
  uint64_t now = nowNs_.load();
  bool busy = false, held = false;
  uint64_t nextDeadline = kNever;
  for (const auto& slot : slots_) {
    held = held || (slot->member != nullptr && slot->member->held);
    if (!isRunning(*slot)) continue;
    if (isIdle(*slot)) {
      nextDeadline = std::min(nextDeadline, slot->member->deadlineNs());
    } else {
      busy = true;
    }
  }
  if (!busy && nextDeadline == kNever) return comeToRest(held ? Rest::kNone : Rest::kIdle, lock);
  if (!busy) now = std::max(now, std::min(nextDeadline, limit));
  nowNs_.store(now);
  if (now >= limit) return comeToRest(Rest::kLimit, lock);

  const uint64_t sliceEnd = std::min(now + kSliceNs, limit);
  for (const auto& slot : slots_) runSlice(*slot, sliceEnd, lock);

  // When all of them went to wait within the slice, its rest did not happen.
  uint64_t reached = now;
  bool stillBusy = false;
  for (const auto& slot : slots_) {
    if (slot->member == nullptr) continue;
    reached = std::max(reached, slot->localNs);
    stillBusy = stillBusy || (isRunning(*slot) && !isIdle(*slot));
  }
  nowNs_.store(stillBusy ? sliceEnd : std::min(reached, sliceEnd));
}

void VirtualExecutor::runSlice(Slot& slot, uint64_t sliceEndNs, std::unique_lock<std::mutex>& lock) {
  if (!isRunning(slot)) return;
  Vcpu& vcpu = *slot.member;
  if (slot.waiting) slot.localNs = std::max(slot.localNs, nowNs_.load());
  while (isRunning(slot) && slot.localNs < sliceEndNs) {
    vcpu.expireTimers(slot.localNs);
    if (isIdle(slot)) {
      const uint64_t deadline = vcpu.deadlineNs();
      if (deadline >= sliceEndNs) return;
      slot.localNs = std::max(slot.localNs, deadline);
      continue;
    }
    if (slot.waiting) {
      slot.waiting = false;
      slot.woken.store(false);
    }
    const uint64_t end = std::min(sliceEndNs, std::max(vcpu.deadlineNs(), slot.localNs + 1));
    const uint64_t before = vcpu.cpu().instructionCount();
    slot.countAtLocal = before;
    const Cpu::Stop stop = vcpu.execute(lock, end - slot.localNs);
    const uint64_t executed = vcpu.cpu().instructionCount() - before;
    // A core that cannot use up a small budget must not stop the board's time.
    slot.localNs += executed == 0 && stop == Cpu::Stop::kBudget ? 1 : executed;
    if (slot.pausing) {
      slot.pausing = false;
      slot.localNs = std::max(slot.localNs, end);
    }
  }
}

}  // namespace cellvisor::machine
