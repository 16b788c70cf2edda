#pragma once

#include <cstdint>

namespace cellvisor::machine {

constexpr uint64_t kNsPerSecond = 1000000000;
constexpr uint64_t kNever = UINT64_MAX;
/** About 127 years: nobody waits for a timer beyond it, and sums of times below it fit into 64 bits. */
constexpr uint64_t kHorizonSeconds = 4000000000;

/** Ticks of the system counter at board time `ns`, rounded down. Exact: the parts of a second are converted apart. */
inline uint64_t ticksFromNs(uint64_t ns, uint64_t frequencyHz) {
  return ns / kNsPerSecond * frequencyHz + ns % kNsPerSecond * frequencyHz / kNsPerSecond;
}

/** The first nanosecond at which the counter shows `ticks`; kNever beyond the horizon. */
inline uint64_t nsFromTicks(uint64_t ticks, uint64_t frequencyHz) {
  const uint64_t seconds = ticks / frequencyHz;
  if (seconds >= kHorizonSeconds) return kNever;
  const uint64_t rest = ticks % frequencyHz * kNsPerSecond;
  return seconds * kNsPerSecond + (rest + frequencyHz - 1) / frequencyHz;
}

}  // namespace cellvisor::machine
