#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cellvisor::machine {

/** The receiver's FIFO of a UART. */
template <size_t kDepth>
class ReceiveFifo {
 public:
  bool full() const { return count_ == kDepth; }
  bool empty() const { return count_ == 0; }
  size_t count() const { return count_; }
  void push(uint8_t byte) { bytes_[(first_ + count_++) % kDepth] = byte; }
  uint8_t pop() {
    const uint8_t byte = bytes_[first_];
    first_ = (first_ + 1) % kDepth;
    count_--;
    return byte;
  }
  void clear() { count_ = 0; }

 private:
  std::array<uint8_t, kDepth> bytes_{};
  size_t first_ = 0;
  size_t count_ = 0;
};

}  // namespace cellvisor::machine
