#pragma once

#include <chrono>
#include <cstdint>

namespace cellvisor::machine {

/** Board time that follows the monotonic clock of the host. */
class RealClock {
 public:
  uint64_t nowNs() const {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start_).count());
  }
  /** When board time will be `ns`. */
  std::chrono::steady_clock::time_point at(uint64_t ns) const { return start_ + std::chrono::nanoseconds(ns); }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace cellvisor::machine
