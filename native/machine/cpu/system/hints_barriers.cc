#include <atomic>

#include "../cpu.h"
#include "handlers.h"

namespace cellvisor::machine::system {
namespace {

constexpr unsigned kWfx = 0x01;
/** ISS of EC 0x01: CV = 1, COND = 0b1110, and TI says which instruction. */
constexpr uint32_t kWfxAlways = 0x1e00000, kIsWfe = 1;

void pass(Cpu& cpu, const Op* op) { return next(cpu, op); }

bool mustWake(const Cpu& cpu) { return cpu.irqLine() || cpu.hasAttention(); }

void wfi(Cpu& cpu, const Op* op) {
  const uint64_t pc = cpu.pcOf(op);
  if (cpu.exceptionLevel() == 0 && !(cpu.system().sctlr & sctlr::kNTWI)) return cpu.raise(op, kWfx, kWfxAlways, pc);
  if (!mustWake(cpu)) {
    cpu.synchronise(op);
    const Cpu::Outside outside(cpu);
    cpu.environment().waitForInterrupt(cpu);
  }
  return cpu.stopBlock(op, pc + 4);
}

/**
 * WFE may end for any reason, so a short wait is right wherever the event comes from: SEV on another CPU, a store that
 * clears the monitor, the timer's event stream. Nothing that the guest can see depends on how long it took, except time.
 */
void wfe(Cpu& cpu, const Op* op) {
  const uint64_t pc = cpu.pcOf(op);
  if (cpu.eventRegister) {
    cpu.eventRegister = false;
    return cpu.stopBlock(op, pc + 4);
  }
  if (cpu.exceptionLevel() == 0 && !(cpu.system().sctlr & sctlr::kNTWE)) {
    return cpu.raise(op, kWfx, kWfxAlways | kIsWfe, pc);
  }
  if (!mustWake(cpu)) {
    cpu.synchronise(op);
    const Cpu::Outside outside(cpu);
    cpu.environment().waitForEvent(cpu);
  }
  return cpu.stopBlock(op, pc + 4);
}

void sev(Cpu& cpu, const Op* op) {
  cpu.eventRegister = true;
  return next(cpu, op);
}

void clrex(Cpu& cpu, const Op* op) {
  cpu.monitor = {};
  return next(cpu, op);
}

/** CRm bits 1..0: 1 orders loads before all, 2 stores before stores, 3 all before all. */
void barrier(Cpu& cpu, const Op* op) {
  switch (op->imm & 3) {
    case 1: std::atomic_thread_fence(std::memory_order_acquire); break;
    case 2: std::atomic_thread_fence(std::memory_order_release); break;
    default: std::atomic_thread_fence(std::memory_order_seq_cst); break;
  }
  return next(cpu, op);
}

void isb(Cpu& cpu, const Op* op) { return cpu.stopBlock(op, cpu.pcOf(op) + 4); }

/** SCTLR_EL1.UMA lets EL0 change the mask bits. */
bool maskAllowed(Cpu& cpu, const Op* op) {
  if (cpu.exceptionLevel() != 0 || (cpu.system().sctlr & sctlr::kUMA)) return true;
  cpu.trapSystemAccess(op);
  return false;
}

void daifSet(Cpu& cpu, const Op* op) {
  if (!maskAllowed(cpu, op)) return;
  cpu.setDaif(cpu.daif() | static_cast<uint32_t>(op->imm) << 6);
  return cpu.stopBlock(op, cpu.pcOf(op) + 4);
}

void daifClear(Cpu& cpu, const Op* op) {
  if (!maskAllowed(cpu, op)) return;
  cpu.setDaif(cpu.daif() & ~(static_cast<uint32_t>(op->imm) << 6));
  return cpu.stopBlock(op, cpu.pcOf(op) + 4);
}

void spSelect(Cpu& cpu, const Op* op) {
  if (cpu.exceptionLevel() == 0) return cpu.undefined(op);
  cpu.setLevel(1, op->imm & 1);
  return cpu.stopBlock(op, cpu.pcOf(op) + 4);
}

}  // namespace

Handler nothing() { return pass; }
Handler waitForInterrupt() { return wfi; }
Handler waitForEvent() { return wfe; }
Handler sendEvent() { return sev; }
Handler clearExclusive() { return clrex; }
Handler memoryBarrier() { return barrier; }
Handler instructionBarrier() { return isb; }
Handler setMask() { return daifSet; }
Handler clearMask() { return daifClear; }
Handler selectStackPointer() { return spSelect; }

}  // namespace cellvisor::machine::system
