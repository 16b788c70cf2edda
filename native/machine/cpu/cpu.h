#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "environment.h"
#include "op.h"
#include "state.h"

namespace cellvisor::machine {

/** Constant per CPU model: what the ID registers say. */
struct CpuIdentity {
  uint64_t mpidr = 0x80000000;
  uint64_t midr = 0x410fd034;  ///< Cortex-A53 r0p4
  uint64_t counterFrequencyHz = 8000000;
};

/** What EL1 starts from (jailhouse-hypervisor reference 7). */
struct ResetState {
  uint64_t entry = 0;
  /** Goes to x1: Jailhouse passes PSCI's context there. */
  uint64_t context = 0;
  uint64_t cpacr = 0;
};

/**
 * One A64 core at EL1/EL0. Runs on the thread that calls run(); the methods marked "any thread" may be called from others.
 */
class Cpu {
 public:
  enum class Stop { kRequested, kParked, kOff, kBudget };

  Cpu(const CpuIdentity& identity, Environment& environment);
  ~Cpu();
  Cpu(const Cpu&) = delete;
  Cpu& operator=(const Cpu&) = delete;

  /** Architectural reset to EL1h, DAIF masked; forgets translations and decoded code. Not while running. */
  void reset(const ResetState& state);

  /**
   * Executes until a stop is requested, the CPU is parked or switched off, or about `budget` instructions are done
   * (the engine never exceeds the budget: with the virtual clock, runs must be the same every time).
   */
  Stop run(uint64_t budget = UINT64_MAX);

  /** Any thread: leave run() soon. The request is consumed by the run() that obeys it. */
  void requestStop();
  /** Any thread: level of the IRQ line from the GIC's CPU interface. */
  void setIrqLine(bool level);
  bool irqLine() const;
  /** Any thread: drop translations and/or decoded code before the next instruction. */
  void requestInvalidate(bool translations, bool instructions);
  /** Any thread: true while run() should return to its top (WFI must not sleep). */
  bool hasAttention() const;

  /** Instructions executed since construction; exact at every trap and every call into the Environment. */
  uint64_t instructionCount() const;

  CpuState& state();
  const CpuState& state() const;
  const CpuIdentity& identity() const;

  // For reports, with the values the hardware would have in EL2 at a trap.
  uint64_t pc() const;
  /** Full PSTATE in SPSR form. */
  uint32_t spsr() const;
  unsigned exceptionLevel() const;
  uint64_t stackPointer(unsigned exceptionLevel) const;  ///< SP_EL0 or SP_EL1
  /** ESR_EL2 that the last trap would have (EC, IL, ISS). */
  uint64_t trapSyndrome() const;

  // For instruction handlers (fpsimd included). A false result means that an exception or trap was taken:
  // return from the handler at once, without next().

  /** Loads T (1, 2, 4, 8 bytes or VectorRegister) from a virtual address. Defined in memory_access.h. */
  template <class T>
  bool load(const Op* op, uint64_t virtualAddress, T& value);
  template <class T>
  bool store(const Op* op, uint64_t virtualAddress, const T& value);

  /** CPACR_EL1.FPEN at the current level; if false the handler calls trapFpAccess and returns. */
  bool fpEnabled() const;
  void trapFpAccess(const Op* op);
  /** Undefined Instruction exception to EL1 (EC 0x00). */
  void undefined(const Op* op);
  /** The encoding is valid Armv8 but the emulator lacks it: stops the cell loudly. */
  void unimplemented(const Op* op, const char* what);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cellvisor::machine
