#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cellvisor::machine::gic {

/** Virtual interrupts that wait for a free list register. What does not fit is dropped (jailhouse-hypervisor reference 4.3). */
class InjectionQueue {
 public:
  struct Entry {
    uint16_t intid = 0;
    uint8_t priority = 0;
    bool hardware = false;
  };

  bool empty() const { return count_ == 0; }
  const Entry& front() const { return entries_[first_]; }
  void push(const Entry& entry) {
    if (count_ == entries_.size()) return;
    entries_[(first_ + count_++) % entries_.size()] = entry;
  }
  void pop() {
    first_ = (first_ + 1) % entries_.size();
    count_--;
  }
  void clear() { count_ = 0; }

 private:
  std::array<Entry, 256> entries_{};
  size_t first_ = 0;
  size_t count_ = 0;
};

}  // namespace cellvisor::machine::gic
