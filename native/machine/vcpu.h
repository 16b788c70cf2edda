#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "machine/cell.h"
#include "machine/cpu/cpu.h"
#include "machine/cpu/environment.h"
#include "machine/exit_counters.h"
#include "machine/gic/gic.h"
#include "machine/timer/generic_timers.h"

namespace cellvisor::machine {

class Machine;

enum class PowerState {
  /** Waits for PSCI CPU_ON. */
  kOff,
  kRunning,
  /** The cell is loaded or not started yet. */
  kParked,
  /** Parked by a violation. */
  kFailed,
};

/**
 * A CPU of the board while it belongs to a non-root cell: the core, its timers, and the world around the core. What the
 * core asks for is answered on the thread that executes it.
 */
class Vcpu final : public Environment, public gic::InterruptTarget {
 public:
  Vcpu(Machine& machine, unsigned number, const CpuIdentity& identity);

  Machine& machine() { return machine_; }
  unsigned number() const { return number_; }
  const CpuIdentity& identity() const { return identity_; }
  ExitCounters& counters();
  Cpu& cpu() { return *cpu_; }
  Cell& cell() { return *cell_; }
  GenericTimers& timers() { return timers_; }

  /** Gives the CPU to a cell. JavaScript's thread, before the executor knows it. */
  void assign(Cell& cell);
  /** Board time at which a timer interrupt is due. Any thread. */
  uint64_t deadlineNs() const;
  void expireTimers(uint64_t nowNs);

  // Guarded by Machine::powerMutex.
  PowerState power = PowerState::kParked;
  bool executing = false;
  std::optional<ResetState> pendingReset;
  /** A debugger holds the CPU. */
  bool held = false;
  /** One instruction is to be executed, then the debugger is told. */
  bool stepping = false;
  /** Signalled when `executing` falls, and to the CPU's thread when `power` changes. */
  std::condition_variable powerChanged;

  bool mayExecute() const { return power == PowerState::kRunning && !held; }
  /** Brings the core to the state that it was switched on with, if that is still to be done. */
  void applyReset();
  /** Runs the core with the lock released. Call only when it may execute. */
  Cpu::Stop execute(std::unique_lock<std::mutex>& lock, uint64_t budget);

  // gic::InterruptTarget
  void setIrqLine(bool level) override;
  void wake() override;

  // Environment
  Stage2Page stage2(uint64_t intermediateAddress) override;
  bool deviceRead(uint64_t physical, unsigned sizeBytes, uint64_t& value) override;
  bool deviceWrite(uint64_t physical, unsigned sizeBytes, uint64_t value) override;
  Trap dataAbort(Cpu& cpu, DataAbort& abort) override;
  Trap instructionAbort(Cpu& cpu, uint64_t virtualAddress, uint64_t intermediateAddress) override;
  Trap hypercall(Cpu& cpu, uint16_t immediate) override;
  Trap secureCall(Cpu& cpu, uint16_t immediate) override;
  Trap systemRegisterTrap(Cpu& cpu, uint32_t iss, bool isWrite, uint64_t value) override;
  Trap unimplemented(Cpu& cpu, uint32_t insn, const char* what) override;
  uint64_t readIcc(IccRegister reg) override;
  void writeIcc(IccRegister reg, uint64_t value) override;
  uint64_t counter() override;
  uint64_t readTimer(TimerRegister reg) override;
  void writeTimer(TimerRegister reg, uint64_t value) override;
  void waitForInterrupt(Cpu& cpu) override;
  void waitForEvent(Cpu& cpu) override;
  void broadcastInvalidate(Cpu& cpu, bool translations, bool instructions) override;

 private:
  /** Tells JavaScript when the cell has written another state into its communication page. */
  void watchCellState();

  Machine& machine_;
  const unsigned number_;
  const CpuIdentity identity_;
  GenericTimers timers_;
  std::unique_ptr<Cpu> cpu_;
  Cell* cell_ = nullptr;
  uint32_t seenCellState_ = 0;
};

}  // namespace cellvisor::machine
