#include "register.h"

// Where exceptions go and what they leave behind.

namespace cellvisor::machine::system {
namespace {

constexpr uint64_t kVectorAligned = ~uint64_t{0x7ff};
constexpr uint64_t kInterruptPending = 1u << 7;

bool readPending(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.irqLine() ? kInterruptPending : 0;
  return true;
}

constexpr SystemRegister stored(uint16_t key, uint64_t SystemRegisters::*field, uint64_t writable = ~uint64_t{0}) {
  SystemRegister reg{key};
  reg.field = field;
  reg.writable = writable;
  return reg;
}

constexpr SystemRegister pending(uint16_t key) {
  SystemRegister reg{key};
  reg.read = readPending;
  return reg;
}

constexpr SystemRegister kRegisters[] = {
    stored(key(3, 0, 12, 0, 0), &SystemRegisters::vbar, kVectorAligned),
    stored(key(3, 0, 4, 0, 0), &SystemRegisters::spsr, 0xffffffff),
    stored(key(3, 0, 4, 0, 1), &SystemRegisters::elr),
    stored(key(3, 0, 5, 2, 0), &SystemRegisters::esr, 0xffffffff),
    stored(key(3, 0, 6, 0, 0), &SystemRegisters::far),
    stored(key(3, 0, 5, 1, 0), &SystemRegisters::afsr0, 0xffffffff),
    stored(key(3, 0, 5, 1, 1), &SystemRegisters::afsr1, 0xffffffff),
    pending(key(3, 0, 12, 1, 0)),
};

}  // namespace

Table<SystemRegister> exceptionRegisters() { return {kRegisters, std::size(kRegisters)}; }

}  // namespace cellvisor::machine::system
