#include <array>

#include "register.h"

// The PMU as one that has the cycle counter only: PMCR_EL0.N = 0. The counter counts instructions.

namespace cellvisor::machine::system {
namespace {

constexpr uint64_t kEnable = 1u << 0, kResetCycles = 1u << 2, kControlWritable = 0x79;
/** Implementer Arm, Cortex-A53, no event counters. */
constexpr uint64_t kControlConstant = 0x41030000;
constexpr uint64_t kCycleCounter = 1u << 31;
/** Event 0x11, CPU_CYCLES. */
constexpr uint64_t kCommonEvents = 1u << 17;
// PMUSERENR_EL0
constexpr uint64_t kUserEnable = 1u << 0, kUserCycles = 1u << 2;

bool fromEl0(Cpu& cpu, bool) { return cpu.system().pmuserenr & kUserEnable; }

bool cyclesFromEl0(Cpu& cpu, bool isWrite) {
  return cpu.system().pmuserenr & (isWrite ? kUserEnable : kUserEnable | kUserCycles);
}

bool counting(const SystemRegisters& system) { return (system.pmcr & kEnable) && (system.pmcnten & kCycleCounter); }

uint64_t cycles(Cpu& cpu, const Op* op) {
  cpu.synchronise(op);
  const SystemRegisters& system = cpu.system();
  return counting(system) ? cpu.instructionCount() - system.cycleBase : system.cycleFrozen;
}

void setCycles(Cpu& cpu, const Op* op, uint64_t value) {
  cpu.synchronise(op);
  cpu.system().cycleFrozen = value;
  cpu.system().cycleBase = cpu.instructionCount() - value;
}

bool readControl(Cpu& cpu, const Op*, uint64_t& value) {
  value = (cpu.system().pmcr & kControlWritable) | kControlConstant;
  return true;
}

bool writeControl(Cpu& cpu, const Op* op, uint64_t value) {
  const uint64_t now = value & kResetCycles ? 0 : cycles(cpu, op);
  cpu.system().pmcr = value & kControlWritable;
  setCycles(cpu, op, now);
  return true;
}

bool writeEnable(Cpu& cpu, const Op* op, uint64_t value) {
  const uint64_t now = cycles(cpu, op);
  cpu.system().pmcnten |= value & kCycleCounter;
  setCycles(cpu, op, now);
  return true;
}

bool writeDisable(Cpu& cpu, const Op* op, uint64_t value) {
  const uint64_t now = cycles(cpu, op);
  cpu.system().pmcnten &= ~(value & kCycleCounter);
  setCycles(cpu, op, now);
  return true;
}

bool readCycles(Cpu& cpu, const Op* op, uint64_t& value) {
  value = cycles(cpu, op);
  return true;
}

bool writeCycles(Cpu& cpu, const Op* op, uint64_t value) {
  setCycles(cpu, op, value);
  return true;
}

template <uint64_t SystemRegisters::*kField>
bool writeSet(Cpu& cpu, const Op*, uint64_t value) {
  cpu.system().*kField |= value & kCycleCounter;
  return true;
}

template <uint64_t SystemRegisters::*kField>
bool writeClear(Cpu& cpu, const Op*, uint64_t value) {
  cpu.system().*kField &= ~(value & kCycleCounter);
  return true;
}

template <uint64_t kValue>
bool readConstant(Cpu&, const Op*, uint64_t& value) {
  value = kValue;
  return true;
}

bool ignore(Cpu&, const Op*, uint64_t) { return true; }

using Read = bool (*)(Cpu&, const Op*, uint64_t&);
using Write = bool (*)(Cpu&, const Op*, uint64_t);

constexpr SystemRegister user(unsigned crm, unsigned op2, uint64_t SystemRegisters::*field, Read read, Write write,
                              El0Check check = fromEl0) {
  SystemRegister reg{key(3, 3, 9, crm, op2)};
  reg.el0 = El0::kChecked;
  reg.el0Check = check;
  reg.field = field;
  reg.writable = 0x1f;
  reg.read = read;
  reg.write = write;
  return reg;
}

constexpr SystemRegister userEnable() {
  SystemRegister reg{key(3, 3, 9, 14, 0)};
  reg.el0 = El0::kRead;
  reg.field = &SystemRegisters::pmuserenr;
  reg.writable = 0xf;
  return reg;
}

constexpr SystemRegister filter(uint16_t key) {
  SystemRegister reg{key};
  reg.el0 = El0::kChecked;
  reg.el0Check = fromEl0;
  reg.field = &SystemRegisters::pmccfiltr;
  reg.writable = 0xfc000000;
  return reg;
}

constexpr SystemRegister privileged(unsigned op2, Write write) {
  SystemRegister reg{key(3, 0, 9, 14, op2)};
  reg.field = &SystemRegisters::pminten;
  reg.write = write;
  return reg;
}

using R = SystemRegisters;

constexpr SystemRegister kRegisters[] = {
    user(12, 0, nullptr, readControl, writeControl),
    user(12, 1, &R::pmcnten, nullptr, writeEnable),
    user(12, 2, &R::pmcnten, nullptr, writeDisable),
    user(12, 3, &R::pmovs, nullptr, writeClear<&R::pmovs>),
    user(12, 4, nullptr, nullptr, ignore),  // PMSWINC_EL0
    user(12, 5, &R::pmselr, nullptr, nullptr),
    user(12, 6, nullptr, readConstant<kCommonEvents>, nullptr),
    user(12, 7, nullptr, readConstant<0>, nullptr),
    user(13, 0, nullptr, readCycles, writeCycles, cyclesFromEl0),
    user(13, 1, nullptr, readConstant<0>, ignore),  // PMXEVTYPER_EL0
    user(13, 2, nullptr, readConstant<0>, ignore),  // PMXEVCNTR_EL0
    user(14, 3, &R::pmovs, nullptr, writeSet<&R::pmovs>),
    userEnable(),
    filter(key(3, 3, 14, 15, 7)),
    privileged(1, writeSet<&R::pminten>),
    privileged(2, writeClear<&R::pminten>),
};

}  // namespace

Table<SystemRegister> performanceRegisters() { return {kRegisters, std::size(kRegisters)}; }

}  // namespace cellvisor::machine::system
