#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace cellvisor::machine {

/** What JavaScript is told (MachineEvent in src/native/machine.ts). */
struct Event {
  enum class Type { kUart, kConsole, kRootInterrupt, kCpuFailed, kCellChanged, kCellHeld };
  Type type = Type::kConsole;
  unsigned uart = 0;
  unsigned intid = 0;
  unsigned cpu = 0;
  uint32_t cellId = 0;
  uint64_t count = 0;
};

/**
 * Collects events from all threads until JavaScript fetches them. Many events of a kind become one, so a guest that
 * prints without pause costs one wake-up per fetch. Its lock is a leaf: nothing else is locked while it is held.
 */
class EventQueue {
 public:
  /** `notify` is called from any thread when the queue stops being empty; it must only wake somebody. */
  EventQueue(size_t uartCount, std::function<void()> notify);

  void uartChanged(size_t uart);
  void consoleChanged();
  void rootInterrupt(unsigned intid, unsigned cpu);
  void cpuFailed(unsigned cpu, uint32_t cellId);
  void cellChanged(uint32_t cellId);
  void cellHeld(uint32_t cellId);
  /** Wakes JavaScript although nothing is queued (the virtual clock came to rest). */
  void wake();

  std::vector<Event> take();

 private:
  std::function<void()> notify_;
  std::atomic<bool> notified_{false};
  std::deque<std::atomic<bool>> uarts_;
  std::atomic<bool> console_{false};
  std::mutex mutex_;
  std::map<std::pair<unsigned, unsigned>, uint64_t> rootInterrupts_;
  std::vector<Event> failures_;
  std::set<uint32_t> changedCells_, heldCells_;
};

}  // namespace cellvisor::machine
