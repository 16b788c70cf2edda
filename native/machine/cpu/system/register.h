#pragma once

#include <cstdint>

#include "../cpu.h"

namespace cellvisor::machine::system {

/** op0:op1:CRn:CRm:op2 as they stand in bits 20..5 of MRS, MSR and SYS. */
constexpr uint16_t key(unsigned op0, unsigned op1, unsigned crn, unsigned crm, unsigned op2) {
  return static_cast<uint16_t>(op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2);
}

/** Who may use a register or instruction at EL0. */
enum class El0 {
  kNever,    ///< UNDEFINED
  kRead,     ///< reads only; writes are UNDEFINED
  kAlways,
  kChecked,  ///< if `el0Check` says so; otherwise EL1 gets a trap (EC 0x18)
};

using El0Check = bool (*)(Cpu&, bool isWrite);

/**
 * One register that MRS and MSR reach. Null `read` and `write` with a `field` mean plain storage; without a field they
 * mean write-only and read-only. Functions return false if they took an exception or trap.
 */
struct SystemRegister {
  uint16_t key;
  El0 el0 = El0::kNever;
  uint64_t SystemRegisters::*field = nullptr;
  /** Bits that can be written, of `field`. */
  uint64_t writable = ~uint64_t{0};
  bool (*read)(Cpu&, const Op*, uint64_t& value) = nullptr;
  bool (*write)(Cpu&, const Op*, uint64_t value) = nullptr;
  El0Check el0Check = nullptr;

  bool canRead() const { return read != nullptr || field != nullptr; }
  bool canWrite() const { return write != nullptr || (field != nullptr && writable != 0); }
};

/** One SYS instruction. `execute` returns false if it took an exception or trap, or left the block itself. */
struct SystemInstruction {
  uint16_t key;
  bool (*execute)(Cpu&, const Op*, uint64_t operand);
  El0 el0 = El0::kNever;
  El0Check el0Check = nullptr;
  /** True if what follows may see other instructions or translations, so that the block must end. */
  bool endsBlock = false;
};

template <class T>
struct Table {
  const T* first;
  size_t size;
  const T* begin() const { return first; }
  const T* end() const { return first + size; }
};

// One table a file.

Table<SystemRegister> specialRegisters();
Table<SystemRegister> memoryRegisters();
Table<SystemRegister> exceptionRegisters();
Table<SystemRegister> identificationRegisters();
Table<SystemRegister> timerRegisters();
Table<SystemRegister> interruptRegisters();
Table<SystemRegister> debugRegisters();
Table<SystemRegister> performanceRegisters();
Table<SystemInstruction> cacheInstructions();
Table<SystemInstruction> translationInstructions();

/** Null if there is none. */
const SystemRegister* findRegister(uint16_t key);
const SystemInstruction* findInstruction(uint16_t key);

/** CRn 11 and 15 belong to the implementer of the CPU: the A53 has registers there which are not modelled. */
constexpr bool isImplementationDefined(uint16_t key) {
  const unsigned crn = (key >> 7) & 15;
  return crn == 11 || crn == 15;
}

}  // namespace cellvisor::machine::system
