#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cellvisor::machine {

/** The order of the statistics codes on arm64 (jailhouse-abi reference 2). */
enum class ExitReason : unsigned { kTotal, kMmio, kManagement, kHypercall, kMaintenance, kVirtIrq, kVirtSgi, kPsci, kSmccc };
constexpr size_t kExitReasons = 9;

/** VM-exit counters of one CPU: 32 bits each, reported without the top bit (jailhouse-hypervisor reference 8). */
class ExitCounters {
 public:
  /** One entry into the hypervisor: the total and its reason. */
  void count(ExitReason reason) {
    add(ExitReason::kTotal);
    if (reason != ExitReason::kTotal) add(reason);
  }
  void clear() {
    for (auto& counter : counters_) counter.store(0, std::memory_order_relaxed);
  }
  uint32_t value(size_t index) const { return counters_[index].load(std::memory_order_relaxed) & 0x7fffffff; }

 private:
  void add(ExitReason reason) { counters_[static_cast<size_t>(reason)].fetch_add(1, std::memory_order_relaxed); }

  std::array<std::atomic<uint32_t>, kExitReasons> counters_{};
};

}  // namespace cellvisor::machine
