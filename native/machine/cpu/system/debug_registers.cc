#include <array>

#include "register.h"

// Self-hosted debug: registers can be written and read back, so that an operating system can put them into a known
// state. Arming a breakpoint, a watchpoint or software step stops the cell, because nothing would happen.

namespace cellvisor::machine::system {
namespace {

constexpr uint64_t kEnable = 1, kSoftwareStep = 1, kLockImplemented = 1u << 3, kLocked = 1u << 1;

bool readZero(Cpu&, const Op*, uint64_t& value) {
  value = 0;
  return true;
}

bool ignore(Cpu&, const Op*, uint64_t) { return true; }

bool writeMonitorControl(Cpu& cpu, const Op* op, uint64_t value) {
  if (value & kSoftwareStep) {
    cpu.unimplemented(op, "software step (MDSCR_EL1.SS)");
    return false;
  }
  cpu.system().mdscr = value & 0xffffffff;
  return true;
}

bool writeLock(Cpu& cpu, const Op*, uint64_t value) {
  cpu.system().osLocked = value & 1;
  return true;
}

bool readLockStatus(Cpu& cpu, const Op*, uint64_t& value) {
  value = kLockImplemented | (cpu.system().osLocked ? kLocked : 0);
  return true;
}

bool readClaimSet(Cpu&, const Op*, uint64_t& value) {
  value = 0xff;
  return true;
}

bool writeClaimSet(Cpu& cpu, const Op*, uint64_t value) {
  cpu.system().dbgclaim |= value & 0xff;
  return true;
}

bool readClaimClear(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.system().dbgclaim;
  return true;
}

bool writeClaimClear(Cpu& cpu, const Op*, uint64_t value) {
  cpu.system().dbgclaim &= ~value;
  return true;
}

constexpr SystemRegister computed(uint16_t key, bool (*read)(Cpu&, const Op*, uint64_t&),
                                  bool (*write)(Cpu&, const Op*, uint64_t)) {
  SystemRegister reg{key};
  reg.read = read;
  reg.write = write;
  return reg;
}

/** MDSCR_EL1.TDCC keeps EL0 away from the debug communications channel. */
bool channelFromEl0(Cpu& cpu, bool) { return !(cpu.system().mdscr & (1u << 12)); }

/** The channel to a debugger that is not there: never full, never filled. */
constexpr SystemRegister channel(unsigned crm, bool (*write)(Cpu&, const Op*, uint64_t)) {
  SystemRegister reg = computed(key(2, 3, 0, crm, 0), readZero, write);
  reg.el0 = El0::kChecked;
  reg.el0Check = channelFromEl0;
  return reg;
}

constexpr SystemRegister stored(uint16_t key, uint64_t SystemRegisters::*field) {
  SystemRegister reg{key};
  reg.field = field;
  reg.writable = 0xffffffff;
  return reg;
}

// Breakpoint and watchpoint n: the number is CRm.

template <auto kArray>
bool readNumbered(Cpu& cpu, const Op* op, uint64_t& value) {
  value = (cpu.system().*kArray)[bits(op->insn, 11, 8)];
  return true;
}

template <auto kArray>
bool writeValue(Cpu& cpu, const Op* op, uint64_t value) {
  (cpu.system().*kArray)[bits(op->insn, 11, 8)] = value & ~uint64_t{3};
  return true;
}

template <auto kArray>
bool writeControl(Cpu& cpu, const Op* op, uint64_t value) {
  if (value & kEnable) {
    cpu.unimplemented(op, "hardware breakpoint or watchpoint");
    return false;
  }
  (cpu.system().*kArray)[bits(op->insn, 11, 8)] = value & 0xffffffff;
  return true;
}

constexpr unsigned kBreakpoints = SystemRegisters::kBreakpoints, kWatchpoints = SystemRegisters::kWatchpoints;
constexpr unsigned kOthers = 16, kAll = kOthers + 2 * (kBreakpoints + kWatchpoints);

std::array<SystemRegister, kAll> build() {
  using R = SystemRegisters;
  std::array<SystemRegister, kAll> table = {
      computed(key(2, 0, 0, 2, 2), nullptr, writeMonitorControl),  // MDSCR_EL1, read from its field
      stored(key(2, 0, 0, 2, 0), &R::mdccint),
      stored(key(2, 0, 0, 0, 2), &R::osdtrrx),
      stored(key(2, 0, 0, 3, 2), &R::osdtrtx),
      stored(key(2, 0, 0, 6, 2), &R::oseccr),
      computed(key(2, 0, 1, 0, 0), readZero, nullptr),  // MDRAR_EL1
      computed(key(2, 0, 1, 0, 4), nullptr, writeLock),
      computed(key(2, 0, 1, 1, 4), readLockStatus, nullptr),
      stored(key(2, 0, 1, 3, 4), &R::osdlr),
      computed(key(2, 0, 1, 4, 4), readZero, ignore),  // DBGPRCR_EL1
      computed(key(2, 0, 7, 8, 6), readClaimSet, writeClaimSet),
      computed(key(2, 0, 7, 9, 6), readClaimClear, writeClaimClear),
      computed(key(2, 0, 7, 14, 6), readZero, nullptr),  // DBGAUTHSTATUS_EL1: no external debugger may do anything
      channel(1, nullptr),  // MDCCSR_EL0
      channel(4, ignore),   // DBGDTR_EL0
      channel(5, ignore),   // DBGDTRRX_EL0, DBGDTRTX_EL0
  };
  table[0].field = &R::mdscr;
  unsigned n = kOthers;
  for (unsigned i = 0; i < kBreakpoints; i++) {
    table[n++] = computed(key(2, 0, 0, i, 4), readNumbered<&R::breakpointValue>, writeValue<&R::breakpointValue>);
    table[n++] = computed(key(2, 0, 0, i, 5), readNumbered<&R::breakpointControl>, writeControl<&R::breakpointControl>);
  }
  for (unsigned i = 0; i < kWatchpoints; i++) {
    table[n++] = computed(key(2, 0, 0, i, 6), readNumbered<&R::watchpointValue>, writeValue<&R::watchpointValue>);
    table[n++] = computed(key(2, 0, 0, i, 7), readNumbered<&R::watchpointControl>, writeControl<&R::watchpointControl>);
  }
  return table;
}

}  // namespace

Table<SystemRegister> debugRegisters() {
  static const std::array<SystemRegister, kAll> kTable = build();
  return {kTable.data(), kTable.size()};
}

}  // namespace cellvisor::machine::system
