#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "machine/cpu/cpu.h"
#include "machine/debug/hold.h"

namespace cellvisor::machine {

class ControlLock;
class Machine;
class Vcpu;
struct Cell;

/**
 * What lets somebody outside hold a cell and look into it: all of its CPUs are held or none. Methods for JavaScript's thread
 * throw RangeViolation for a cell or CPU that does not exist, and BrokenPromise when no debugger is attached or, for what looks
 * into the cell, when it is not held.
 */
class Debugger {
 public:
  enum class Go { kStep, kContinue };
  struct Resumption {
    unsigned cpu;
    Go go;
  };

  explicit Debugger(Machine& machine) : machine_(machine) {}
  Debugger(const Debugger&) = delete;
  Debugger& operator=(const Debugger&) = delete;

  // JavaScript's thread.

  /** From now on the cell is held at its entry when it is started, and when a CPU of it is parked by a violation. */
  void attach(uint32_t cellId);
  /** Forgets breakpoints and watchpoints, and lets the cell go on. */
  void detach(uint32_t cellId);
  /** Holds the cell, if it is not. */
  void hold(uint32_t cellId);
  /** CPUs that are not named stay held. A CPU that is off or parked may be named, and does nothing. */
  void resume(uint32_t cellId, const std::vector<Resumption>& resumptions);
  /** Nothing while the cell is not held; else no instruction of it executes any more. */
  std::optional<HoldCause> cause(uint32_t cellId);

  /** Virtual addresses, the same for all CPUs of the cell. */
  void setBreakpoints(uint32_t cellId, const std::vector<uint64_t>& addresses);
  void setWatchpoints(uint32_t cellId, const std::vector<Watchpoint>& watchpoints);

  /** In the layout of register_file.h. */
  std::vector<uint8_t> readRegisters(uint32_t cellId, unsigned cpu);
  void writeRegisters(uint32_t cellId, unsigned cpu, const uint8_t* bytes, size_t length);
  /** From a virtual address, as EL1 on this CPU sees it; ends early where no memory is, or a device. */
  std::vector<uint8_t> readMemory(uint32_t cellId, unsigned cpu, uint64_t address, size_t length);
  /** All of it or, when some of it is not memory that the cell may write, nothing: false. */
  bool writeMemory(uint32_t cellId, unsigned cpu, uint64_t address, const uint8_t* bytes, size_t length);

  // With the power lock held, by whoever has changed something.

  void started(Vcpu& vcpu);
  /** After the core returned `stop`, on the thread that executed it. */
  void executed(Vcpu& vcpu, Cpu::Stop stop);
  /** The cell's CPUs have left their threads. Takes the lock itself. */
  void destroyed(Cell& cell);

 private:
  Cell& attached(uint32_t cellId);
  Cell& held(uint32_t cellId, ControlLock& lock);
  Vcpu& heldCpu(uint32_t cellId, unsigned cpu, ControlLock& lock);
  void holdAll(Cell& cell, const HoldCause& cause);
  void release(Cell& cell);

  Machine& machine_;
};

}  // namespace cellvisor::machine
