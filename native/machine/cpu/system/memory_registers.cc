#include "register.h"

// Translation and control of EL1&0 (Arm ARM D17.2), thread registers.

namespace cellvisor::machine::system {
namespace {

/** Bits 29, 28, 23, 22, 20 and 11 are RES1 in Armv8.0. */
constexpr uint64_t kControlOnes = 0x30d00800;
/** Everything that Armv8.0 defines; the rest is RES0. */
constexpr uint64_t kControlWritable = sctlr::kM | sctlr::kA | sctlr::kC | sctlr::kSA | sctlr::kSA0 | 1u << 5 | 1u << 7 |
                                      1u << 8 | sctlr::kUMA | sctlr::kI | sctlr::kDZE | sctlr::kUCT | sctlr::kNTWI |
                                      sctlr::kNTWE | sctlr::kWXN | sctlr::kUCI;

bool writeControl(Cpu& cpu, const Op* op, uint64_t value) {
  if (value & (sctlr::kEE | sctlr::kE0E)) {
    cpu.unimplemented(op, "big-endian data (SCTLR_EL1.EE or E0E)");
    return false;
  }
  cpu.system().sctlr = (value & kControlWritable) | kControlOnes;
  cpu.controlChanged();
  cpu.translationChanged();
  return true;
}

bool writeCpacr(Cpu& cpu, const Op*, uint64_t value) {
  cpu.system().cpacr = value & (3u << 20 | 1u << 28);
  cpu.controlChanged();
  return true;
}

/** ACTLR_EL1 belongs to EL2 (HCR_EL2.TAC). */
bool readActlr(Cpu& cpu, const Op* op, uint64_t&) {
  cpu.systemRegisterTrap(op, false, 0);
  return false;
}

bool writeActlr(Cpu& cpu, const Op* op, uint64_t value) {
  cpu.systemRegisterTrap(op, true, value);
  return false;
}

/** A register that the table walk uses. The same value again changes nothing, and cached translations may stay. */
template <uint64_t SystemRegisters::*kField>
bool writeTranslation(Cpu& cpu, const Op*, uint64_t value) {
  uint64_t& field = cpu.system().*kField;
  if (field != value) {
    field = value;
    cpu.translationChanged();
  }
  return true;
}

template <uint64_t SystemRegisters::*kField>
constexpr SystemRegister translation(uint16_t key) {
  SystemRegister reg{key};
  reg.field = kField;
  reg.write = writeTranslation<kField>;
  return reg;
}

constexpr SystemRegister stored(uint16_t key, uint64_t SystemRegisters::*field, El0 el0 = El0::kNever) {
  SystemRegister reg{key};
  reg.field = field;
  reg.el0 = el0;
  return reg;
}

constexpr SystemRegister withWrite(uint16_t key, uint64_t SystemRegisters::*field,
                                   bool (*write)(Cpu&, const Op*, uint64_t)) {
  SystemRegister reg{key};
  reg.field = field;
  reg.write = write;
  return reg;
}

constexpr SystemRegister trapped(uint16_t key) {
  SystemRegister reg{key};
  reg.read = readActlr;
  reg.write = writeActlr;
  return reg;
}

constexpr SystemRegister kRegisters[] = {
    withWrite(key(3, 0, 1, 0, 0), &SystemRegisters::sctlr, writeControl),
    trapped(key(3, 0, 1, 0, 1)),
    withWrite(key(3, 0, 1, 0, 2), &SystemRegisters::cpacr, writeCpacr),
    translation<&SystemRegisters::ttbr0>(key(3, 0, 2, 0, 0)),
    translation<&SystemRegisters::ttbr1>(key(3, 0, 2, 0, 1)),
    translation<&SystemRegisters::tcr>(key(3, 0, 2, 0, 2)),
    translation<&SystemRegisters::mair>(key(3, 0, 10, 2, 0)),
    stored(key(3, 0, 10, 3, 0), &SystemRegisters::amair),
    stored(key(3, 0, 13, 0, 1), &SystemRegisters::contextidr),
    stored(key(3, 0, 7, 4, 0), &SystemRegisters::par),
    stored(key(3, 0, 13, 0, 4), &SystemRegisters::tpidrEl1),
    stored(key(3, 3, 13, 0, 2), &SystemRegisters::tpidrEl0, El0::kAlways),
    stored(key(3, 3, 13, 0, 3), &SystemRegisters::tpidrroEl0, El0::kRead),
};

}  // namespace

Table<SystemRegister> memoryRegisters() { return {kRegisters, std::size(kRegisters)}; }

}  // namespace cellvisor::machine::system
