#pragma once

#include <cstdint>
#include <vector>

namespace cellvisor::machine {

/** Memory whose accesses stop the CPU, by virtual address: `lastByte` included, so that the last page can be watched. */
struct Watchpoint {
  uint64_t firstByte = 0;
  uint64_t lastByte = 0;
  bool onRead = false;
  bool onWrite = false;
};

/** What Cpu::Stop::kDebug was for. The instruction at pc has not been executed. */
struct DebugHit {
  enum class Kind { kBreakpoint, kWatchpoint };
  Kind kind = Kind::kBreakpoint;
  /** Of the instruction, or the first watched byte of the access. */
  uint64_t address = 0;
  bool isWrite = false;
};

/** A CPU's part of what a debugger asked for. Changed only while the CPU does not run. */
struct CpuDebug {
  std::vector<Watchpoint> watchpoints;
  DebugHit hit;
};

}  // namespace cellvisor::machine
