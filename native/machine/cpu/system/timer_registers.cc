#include "register.h"

// The generic timer as EL1 and EL0 see it (Arm ARM D11). Jailhouse leaves it to the guest: nothing traps to EL2.

namespace cellvisor::machine::system {
namespace {

// CNTKCTL_EL1
constexpr uint64_t kPhysicalCounterFromEl0 = 1u << 0, kVirtualCounterFromEl0 = 1u << 1, kVirtualTimerFromEl0 = 1u << 8,
                   kPhysicalTimerFromEl0 = 1u << 9;

template <uint64_t kBits>
bool fromEl0(Cpu& cpu, bool) {
  return cpu.system().cntkctl & kBits;
}

bool readFrequency(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.identity().counterFrequencyHz;
  return true;
}

bool readCounter(Cpu& cpu, const Op* op, uint64_t& value) {
  cpu.synchronise(op);
  value = cpu.environment().counter();
  return true;
}

template <TimerRegister kRegister>
bool readTimer(Cpu& cpu, const Op* op, uint64_t& value) {
  cpu.synchronise(op);
  value = cpu.environment().readTimer(kRegister);
  return true;
}

template <TimerRegister kRegister>
bool writeTimer(Cpu& cpu, const Op* op, uint64_t value) {
  cpu.synchronise(op);
  cpu.environment().writeTimer(kRegister, value);
  return true;
}

constexpr SystemRegister counter(uint16_t key, bool (*read)(Cpu&, const Op*, uint64_t&), El0Check check) {
  SystemRegister reg{key};
  reg.el0 = El0::kChecked;
  reg.el0Check = check;
  reg.read = read;
  return reg;
}

template <TimerRegister kRegister>
constexpr SystemRegister timer(uint16_t key, El0Check check) {
  SystemRegister reg = counter(key, readTimer<kRegister>, check);
  reg.write = writeTimer<kRegister>;
  return reg;
}

constexpr SystemRegister control(uint16_t key) {
  SystemRegister reg{key};
  reg.field = &SystemRegisters::cntkctl;
  reg.writable = 0x3ff;
  return reg;
}

constexpr SystemRegister kRegisters[] = {
    control(key(3, 0, 14, 1, 0)),
    counter(key(3, 3, 14, 0, 0), readFrequency, fromEl0<kPhysicalCounterFromEl0 | kVirtualCounterFromEl0>),
    counter(key(3, 3, 14, 0, 1), readCounter, fromEl0<kPhysicalCounterFromEl0>),
    counter(key(3, 3, 14, 0, 2), readCounter, fromEl0<kVirtualCounterFromEl0>),
    timer<TimerRegister::kPhysicalValue>(key(3, 3, 14, 2, 0), fromEl0<kPhysicalTimerFromEl0>),
    timer<TimerRegister::kPhysicalControl>(key(3, 3, 14, 2, 1), fromEl0<kPhysicalTimerFromEl0>),
    timer<TimerRegister::kPhysicalCompare>(key(3, 3, 14, 2, 2), fromEl0<kPhysicalTimerFromEl0>),
    timer<TimerRegister::kVirtualValue>(key(3, 3, 14, 3, 0), fromEl0<kVirtualTimerFromEl0>),
    timer<TimerRegister::kVirtualControl>(key(3, 3, 14, 3, 1), fromEl0<kVirtualTimerFromEl0>),
    timer<TimerRegister::kVirtualCompare>(key(3, 3, 14, 3, 2), fromEl0<kVirtualTimerFromEl0>),
};

}  // namespace

Table<SystemRegister> timerRegisters() { return {kRegisters, std::size(kRegisters)}; }

}  // namespace cellvisor::machine::system
