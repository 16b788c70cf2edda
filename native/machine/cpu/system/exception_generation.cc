#include "../cpu.h"
#include "handlers.h"

namespace cellvisor::machine::system {
namespace {

constexpr unsigned kSvc = 0x15, kBrk = 0x3c;

void svc(Cpu& cpu, const Op* op) { return cpu.raise(op, kSvc, static_cast<uint32_t>(op->imm), cpu.pcOf(op) + 4); }

void brk(Cpu& cpu, const Op* op) { return cpu.raise(op, kBrk, static_cast<uint32_t>(op->imm), cpu.pcOf(op)); }

void hvc(Cpu& cpu, const Op* op) {
  if (cpu.exceptionLevel() == 0) return cpu.undefined(op);
  return cpu.hypercall(op, static_cast<uint16_t>(op->imm));
}

/** HCR_EL2.TSC is set: EL2 sees it before anybody at EL3 would. */
void smc(Cpu& cpu, const Op* op) {
  if (cpu.exceptionLevel() == 0) return cpu.undefined(op);
  return cpu.secureCall(op, static_cast<uint16_t>(op->imm));
}

void eret(Cpu& cpu, const Op* op) {
  if (cpu.exceptionLevel() == 0) return cpu.undefined(op);
  return cpu.exceptionReturn(op);
}

}  // namespace

Handler supervisorCall() { return svc; }
Handler breakpoint() { return brk; }
Handler hypervisorCall() { return hvc; }
Handler secureMonitorCall() { return smc; }
Handler exceptionReturn() { return eret; }

}  // namespace cellvisor::machine::system
