#include "cpu.h"
#include "mmu.h"

// Exceptions to EL1 (Arm ARM D1.3) and traps to EL2.

namespace cellvisor::machine {
namespace {

constexpr unsigned kSynchronous = 0x000, kInterrupt = 0x080;
constexpr uint32_t kInstructionIs32Bits = 1u << 25;
constexpr uint32_t kIllegalState = 1u << 20;

enum ExceptionClass : unsigned {
  kUnknown = 0x00,
  kFpAccess = 0x07,
  kHvc = 0x16,
  kSmc = 0x17,
  kSystemAccess = 0x18,
  kInstructionAbort = 0x20,
  kDataAbort = 0x24,
  kStackAlignment = 0x26,
};

}  // namespace

uint32_t Cpu::spsr() const {
  const uint32_t mode = exceptionLevel_ == 0 ? 0 : stackPointerSelect_ ? 5 : 4;
  return state_.nzcv() | daif_ | (illegalState_ ? kIllegalState : 0) | mode;
}

uint64_t Cpu::stackPointer(unsigned exceptionLevel) const {
  const unsigned current = exceptionLevel_ == 1 && stackPointerSelect_ ? 1 : 0;
  return exceptionLevel == current ? state_.x[kStackPointer] : bankedStackPointer_[exceptionLevel];
}

void Cpu::setBankedStackPointer(unsigned exceptionLevel, uint64_t value) {
  const unsigned current = exceptionLevel_ == 1 && stackPointerSelect_ ? 1 : 0;
  (exceptionLevel == current ? state_.x[kStackPointer] : bankedStackPointer_[exceptionLevel]) = value;
}

void Cpu::setLevel(unsigned exceptionLevel, bool stackPointerSelect) {
  const unsigned before = exceptionLevel_ == 1 && stackPointerSelect_ ? 1 : 0;
  const unsigned after = exceptionLevel == 1 && stackPointerSelect ? 1 : 0;
  bankedStackPointer_[before] = state_.x[kStackPointer];
  state_.x[kStackPointer] = bankedStackPointer_[after];
  exceptionLevel_ = exceptionLevel;
  stackPointerSelect_ = stackPointerSelect;
  tables_ = &tablesOfLevel_[exceptionLevel];
  epoch_ = generation_ * 2 + exceptionLevel_;
  controlChanged();
}

void Cpu::controlChanged() {
  const unsigned fpEnable = (system_.cpacr >> 20) & 3;
  fpEnabled_ = fpEnable == 3 || (fpEnable == 1 && exceptionLevel_ == 1);
  const uint64_t check = exceptionLevel_ == 0 ? sctlr::kSA0 : sctlr::kSA;
  stackCheckMask_ = system_.sctlr & check ? 15 : 0;
}

void Cpu::takeException(unsigned vectorOffset, uint64_t returnAddress) {
  system_.spsr = spsr();
  system_.elr = returnAddress;
  if (exceptionLevel_ == 0) {
    vectorOffset += 0x400;
  } else if (stackPointerSelect_) {
    vectorOffset += 0x200;
  }
  daif_ = pstate::kDaif;
  illegalState_ = false;
  setLevel(1, true);
  pc_ = system_.vbar + vectorOffset;
  pendingLink_ = nullptr;
}

void Cpu::takeInterrupt() { takeException(kInterrupt, pc_); }

void Cpu::raise(const Op* op, unsigned exceptionClass, uint32_t iss, uint64_t returnAddress) {
  if (op != nullptr) rewind(op);
  system_.esr = static_cast<uint64_t>(exceptionClass) << 26 | kInstructionIs32Bits | iss;
  takeException(kSynchronous, returnAddress);
}

void Cpu::undefined(const Op* op) { return raise(op, kUnknown, 0, pcOf(op)); }

void Cpu::trapFpAccess(const Op* op) {
  // CV = 1, COND = 0b1110: what AArch64 reports for an instruction without a condition.
  return raise(op, kFpAccess, 0x1e00000, pcOf(op));
}

void Cpu::stackAlignmentFault(const Op* op) { return raise(op, kStackAlignment, 0, pcOf(op)); }

void Cpu::dataAbortToEl1(const Op* op, uint64_t virtualAddress, uint32_t iss) {
  system_.far = virtualAddress;
  return raise(op, exceptionLevel_ == 0 ? kDataAbort : kDataAbort + 1, iss, pcOf(op));
}

void Cpu::fetchAbortToEl1(uint64_t virtualAddress, uint32_t iss) {
  system_.far = virtualAddress;
  return raise(nullptr, exceptionLevel_ == 0 ? kInstructionAbort : kInstructionAbort + 1, iss, virtualAddress);
}

void Cpu::trapSystemAccess(const Op* op) {
  return raise(op, kSystemAccess, systemRegisterIss(op->insn), pcOf(op));
}

void Cpu::exceptionReturn(const Op* op) {
  const uint32_t saved = static_cast<uint32_t>(system_.spsr);
  const uint64_t target = system_.elr;
  rewind(op);
  const unsigned level = (saved >> 2) & 3, mode = saved & 0x1f;
  // AArch32, EL2, EL3, EL0 with SP_EL1 and reserved modes: PSTATE.IL is set and the level stays (D1.3.4).
  const bool legal = mode == 0 || mode == 4 || mode == 5;
  illegalState_ = !legal || (saved & kIllegalState);
  state_.setNzcv(saved);
  setDaif(saved);
  if (legal) setLevel(level, mode & 1);
  monitor = Monitor{};
  eventRegister = true;
  pc_ = target;
}

uint32_t Cpu::systemRegisterIss(uint32_t insn) {
  return bits(insn, 20, 19) << 20 | bits(insn, 7, 5) << 17 | bits(insn, 18, 16) << 14 | bits(insn, 15, 12) << 10 |
         bits(insn, 4, 0) << 5 | bits(insn, 11, 8) << 1 | bits(insn, 21, 21);
}

bool Cpu::obeyTrap(Trap trap) {
  if (trap == Trap::kHandled) return true;
  stopping_ = true;
  stop_ = trap == Trap::kOff ? Stop::kOff : Stop::kParked;
  return false;
}

void Cpu::setTrapSyndrome(unsigned exceptionClass, uint32_t iss) {
  trapSyndrome_ = static_cast<uint64_t>(exceptionClass) << 26 | kInstructionIs32Bits | iss;
}

void Cpu::unimplemented(const Op* op, const char* what) {
  synchronise(op);
  setTrapSyndrome(kUnknown, 0);
  const uint64_t pc = pc_;
  if (obeyTrap(environment_.unimplemented(*this, op->insn, what))) obeyTrap(Trap::kParked);
  return stopBlock(op, pc);
}

void Cpu::hypercall(const Op* op, uint16_t immediate) {
  currentOp_ = op;
  const uint64_t after = pcOf(op) + 4;
  pc_ = after;
  setTrapSyndrome(kHvc, immediate);
  {
    const Outside outside(*this);
    obeyTrap(environment_.hypercall(*this, immediate));
  }
  return stopBlock(op, after);
}

void Cpu::secureCall(const Op* op, uint16_t immediate) {
  synchronise(op);
  const uint64_t pc = pc_;
  setTrapSyndrome(kSmc, immediate);
  bool handled;
  {
    const Outside outside(*this);
    handled = obeyTrap(environment_.secureCall(*this, immediate));
  }
  return stopBlock(op, handled ? pc + 4 : pc);
}

void Cpu::systemRegisterTrap(const Op* op, bool isWrite, uint64_t value) {
  synchronise(op);
  const uint64_t pc = pc_;
  const uint32_t iss = systemRegisterIss(op->insn);
  setTrapSyndrome(kSystemAccess, iss);
  const bool handled = obeyTrap(environment_.systemRegisterTrap(*this, iss, isWrite, value));
  return stopBlock(op, handled ? pc + 4 : pc);
}

}  // namespace cellvisor::machine
