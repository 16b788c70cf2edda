#include "register.h"

// The GICv3 CPU interface (IHI 0069 chapter 12.2). Registers that send SGIs trap to EL2; with 32 priorities only the
// first of the active-priority registers of group 0 exists.

namespace cellvisor::machine::system {
namespace {

template <IccRegister kRegister>
bool readIcc(Cpu& cpu, const Op* op, uint64_t& value) {
  cpu.synchronise(op);
  value = cpu.environment().readIcc(kRegister);
  return true;
}

template <IccRegister kRegister>
bool writeIcc(Cpu& cpu, const Op* op, uint64_t value) {
  cpu.synchronise(op);
  cpu.environment().writeIcc(kRegister, value);
  return true;
}

bool sendInterrupt(Cpu& cpu, const Op* op, uint64_t value) {
  cpu.systemRegisterTrap(op, true, value);
  return false;
}

enum class Direction { kRead, kWrite, kBoth };

template <IccRegister kRegister>
constexpr SystemRegister icc(unsigned crn, unsigned crm, unsigned op2, Direction direction = Direction::kBoth) {
  SystemRegister reg{key(3, 0, crn, crm, op2)};
  if (direction != Direction::kWrite) reg.read = readIcc<kRegister>;
  if (direction != Direction::kRead) reg.write = writeIcc<kRegister>;
  return reg;
}

constexpr SystemRegister sgi(unsigned op2) {
  SystemRegister reg{key(3, 0, 12, 11, op2)};
  reg.write = sendInterrupt;
  return reg;
}

constexpr SystemRegister kRegisters[] = {
    icc<IccRegister::kPmr>(4, 6, 0),
    icc<IccRegister::kIar0>(12, 8, 0, Direction::kRead),
    icc<IccRegister::kEoir0>(12, 8, 1, Direction::kWrite),
    icc<IccRegister::kHppir0>(12, 8, 2, Direction::kRead),
    icc<IccRegister::kBpr0>(12, 8, 3),
    icc<IccRegister::kAp0r0>(12, 8, 4),
    icc<IccRegister::kAp1r0>(12, 9, 0),
    icc<IccRegister::kAp1r1>(12, 9, 1),
    icc<IccRegister::kAp1r2>(12, 9, 2),
    icc<IccRegister::kAp1r3>(12, 9, 3),
    icc<IccRegister::kDir>(12, 11, 1, Direction::kWrite),
    icc<IccRegister::kRpr>(12, 11, 3, Direction::kRead),
    sgi(5),  // ICC_SGI1R_EL1
    sgi(6),  // ICC_ASGI1R_EL1
    sgi(7),  // ICC_SGI0R_EL1
    icc<IccRegister::kIar1>(12, 12, 0, Direction::kRead),
    icc<IccRegister::kEoir1>(12, 12, 1, Direction::kWrite),
    icc<IccRegister::kHppir1>(12, 12, 2, Direction::kRead),
    icc<IccRegister::kBpr1>(12, 12, 3),
    icc<IccRegister::kCtlr>(12, 12, 4),
    icc<IccRegister::kSre>(12, 12, 5),
    icc<IccRegister::kIgrpen0>(12, 12, 6),
    icc<IccRegister::kIgrpen1>(12, 12, 7),
};

}  // namespace

Table<SystemRegister> interruptRegisters() { return {kRegisters, std::size(kRegisters)}; }

}  // namespace cellvisor::machine::system
