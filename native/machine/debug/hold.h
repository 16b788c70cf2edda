#pragma once

#include <cstdint>
#include <optional>

namespace cellvisor::machine {

/** Why a debugger holds a cell. */
struct HoldCause {
  enum class Kind {
    kRequested,
    /** The cell was started, and has executed nothing. */
    kStarted,
    kBreakpoint,
    kWatchpoint,
    kStepped,
    /** The hypervisor parked the CPU for a violation: its registers are those of that moment. */
    kFailed,
  };
  Kind kind = Kind::kRequested;
  /** The CPU that it is about. */
  unsigned cpu = 0;
  /** kBreakpoint: of the instruction. kWatchpoint: the first watched byte that was to be accessed. */
  uint64_t address = 0;
  bool isWrite = false;
};

/** What a debugger does with a cell. Guarded by the power lock. */
struct CellDebug {
  bool attached = false;
  /** Present while all CPUs of the cell are held. */
  std::optional<HoldCause> cause;
  /** What happened while the cell was held already, or before, and is still to be told. */
  std::optional<HoldCause> next;
};

}  // namespace cellvisor::machine
