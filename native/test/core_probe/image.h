#pragma once

#include <cstdint>

namespace cellvisor::probe {

/** Where an image is loaded and started, at EL1 with the MMU off. */
constexpr uint64_t kRamAddress = 0x40000000, kRamBytes = 16 << 20, kImageAddress = 0x40200000;

/**
 * Runs a flat image until HVC #0 (passed, exit code 0), HVC #1 (failed: x3 tells which check) or anything else. What
 * it writes to the register page is printed, and then the number of instructions executed. `slice` is the budget of one
 * Cpu::run, which is called again and again; nothing may depend on it.
 */
int runImage(const char* path, uint64_t slice);

/**
 * Runs the same image on several CPUs at once, a thread each, until HVC #0 of all of them. x0 is the CPU's number, x1 how
 * many there are. The first other ending is reported.
 */
int runImageOnThreads(const char* path, unsigned cpuCount);

/** Built-in loops: million instructions per second, nanoseconds per trapped access. */
int runBenchmarks();

}  // namespace cellvisor::probe
