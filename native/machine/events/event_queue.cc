#include "machine/events/event_queue.h"

namespace cellvisor::machine {

EventQueue::EventQueue(size_t uartCount, std::function<void()> notify) : notify_(std::move(notify)), uarts_(uartCount) {}

void EventQueue::wake() {
  if (!notified_.exchange(true)) notify_();
}

void EventQueue::uartChanged(size_t uart) {
  if (!uarts_[uart].exchange(true)) wake();
}

void EventQueue::consoleChanged() {
  if (!console_.exchange(true)) wake();
}

void EventQueue::rootInterrupt(unsigned intid, unsigned cpu) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    rootInterrupts_[{intid, cpu}]++;
  }
  wake();
}

void EventQueue::cpuFailed(unsigned cpu, uint32_t cellId) {
  Event event;
  event.type = Event::Type::kCpuFailed;
  event.cpu = cpu;
  event.cellId = cellId;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    failures_.push_back(event);
  }
  wake();
}

void EventQueue::cellChanged(uint32_t cellId) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    changedCells_.insert(cellId);
  }
  wake();
}

void EventQueue::cellHeld(uint32_t cellId) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    heldCells_.insert(cellId);
  }
  wake();
}

std::vector<Event> EventQueue::take() {
  // Cleared first: what is queued from here on wakes again.
  notified_.store(false);
  std::vector<Event> events;
  for (size_t index = 0; index < uarts_.size(); index++) {
    if (!uarts_[index].exchange(false)) continue;
    Event event;
    event.type = Event::Type::kUart;
    event.uart = static_cast<unsigned>(index);
    events.push_back(event);
  }
  if (console_.exchange(false)) events.push_back(Event());
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [key, count] : rootInterrupts_) {
    Event event;
    event.type = Event::Type::kRootInterrupt;
    event.intid = key.first;
    event.cpu = key.second;
    event.count = count;
    events.push_back(event);
  }
  events.insert(events.end(), failures_.begin(), failures_.end());
  const auto addCells = [&](Event::Type type, const std::set<uint32_t>& cells) {
    for (const uint32_t cellId : cells) {
      Event event;
      event.type = type;
      event.cellId = cellId;
      events.push_back(event);
    }
  };
  addCells(Event::Type::kCellChanged, changedCells_);
  addCells(Event::Type::kCellHeld, heldCells_);
  rootInterrupts_.clear();
  failures_.clear();
  changedCells_.clear();
  heldCells_.clear();
  return events;
}

}  // namespace cellvisor::machine
