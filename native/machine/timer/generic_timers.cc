#include "machine/timer/generic_timers.h"

#include <algorithm>

namespace cellvisor::machine {

namespace {

constexpr uint32_t kEnable = 1, kMask = 2, kStatus = 4;
enum Index : unsigned { kControl, kCompare, kValue };

bool isPhysical(TimerRegister reg) { return reg <= TimerRegister::kPhysicalValue; }

unsigned indexOf(TimerRegister reg) {
  return static_cast<unsigned>(reg) -
         static_cast<unsigned>(isPhysical(reg) ? TimerRegister::kPhysicalControl : TimerRegister::kVirtualControl);
}

}  // namespace

bool GenericTimers::Timer::condition(uint64_t counter) const { return (control & kEnable) && counter >= compare; }

uint64_t GenericTimers::Timer::read(unsigned reg, uint64_t counter) const {
  switch (reg) {
    case kControl: return control | (condition(counter) ? kStatus : 0);
    case kCompare: return compare;
    default: return (compare - counter) & 0xffffffff;
  }
}

void GenericTimers::Timer::write(unsigned reg, uint64_t value, uint64_t counter) {
  switch (reg) {
    case kControl: control = static_cast<uint32_t>(value) & (kEnable | kMask); break;
    case kCompare: compare = value; break;
    default: compare = counter + static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(value))); break;
  }
}

void GenericTimers::reset() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (Timer* timer : {&physical_, &virtual_}) {
    timer->control = 0;
    timer->compare = 0;
  }
  updateLocked(0);
}

uint64_t GenericTimers::read(TimerRegister reg, uint64_t counter) {
  std::lock_guard<std::mutex> lock(mutex_);
  return (isPhysical(reg) ? physical_ : virtual_).read(indexOf(reg), counter);
}

void GenericTimers::write(TimerRegister reg, uint64_t value, uint64_t counter) {
  std::lock_guard<std::mutex> lock(mutex_);
  (isPhysical(reg) ? physical_ : virtual_).write(indexOf(reg), value, counter);
  updateLocked(counter);
}

void GenericTimers::update(uint64_t counter) {
  std::lock_guard<std::mutex> lock(mutex_);
  updateLocked(counter);
}

void GenericTimers::updateLocked(uint64_t counter) {
  uint64_t deadline = kNever;
  for (Timer* timer : {&physical_, &virtual_}) {
    const bool enabled = (timer->control & (kEnable | kMask)) == kEnable;
    const bool output = enabled && timer->condition(counter);
    if (enabled && !output) deadline = std::min(deadline, timer->compare);
    if (output == timer->output) continue;
    timer->output = output;
    gic_.setPpiWire(cpu_, timer->intid, output);
  }
  deadline_.store(deadline);
}

}  // namespace cellvisor::machine
