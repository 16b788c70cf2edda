#pragma once

#include <cstdint>

namespace cellvisor::probe {

/** Where an image is loaded and started, at EL1 with the MMU off, in RAM of this size. */
constexpr uint64_t kImageAddress = 0x40000000, kImageRamBytes = 16 << 20;

/**
 * Runs a flat image until HVC #0 (passed, exit code 0), HVC #1 (failed: x0 tells which check) or anything else. What
 * it writes to the register page is printed.
 */
int runImage(const char* path, uint64_t budget);

/** Built-in loops: million instructions per second, nanoseconds per trapped access. */
int runBenchmarks();

}  // namespace cellvisor::probe
