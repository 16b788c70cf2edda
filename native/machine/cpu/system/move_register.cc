#include "handlers.h"
#include "register.h"

// MRS, MSR and SYS: whether EL0 may, then what the tables say.

namespace cellvisor::machine::system {
namespace {

/** False if EL0 must not, with the exception taken. */
bool admitted(Cpu& cpu, const Op* op, El0 el0, El0Check check, bool isWrite) {
  if (cpu.exceptionLevel() != 0) return true;
  switch (el0) {
    case El0::kAlways: return true;
    case El0::kRead:
      if (!isWrite) return true;
      break;
    case El0::kChecked:
      if (check(cpu, isWrite)) return true;
      cpu.trapSystemAccess(op);
      return false;
    case El0::kNever: break;
  }
  cpu.undefined(op);
  return false;
}

void read(Cpu& cpu, const Op* op) {
  const SystemRegister& reg = *reinterpret_cast<const SystemRegister*>(op->imm);
  if (!admitted(cpu, op, reg.el0, reg.el0Check, false)) return;
  uint64_t value = reg.field != nullptr ? cpu.system().*reg.field : 0;
  if (reg.read != nullptr && !reg.read(cpu, op, value)) return;
  cpu.state().x[op->rd] = value;
  return cpu.proceed(op);
}

void write(Cpu& cpu, const Op* op) {
  const SystemRegister& reg = *reinterpret_cast<const SystemRegister*>(op->imm);
  if (!admitted(cpu, op, reg.el0, reg.el0Check, true)) return;
  const uint64_t value = cpu.state().x[op->rn];
  if (reg.write == nullptr) {
    uint64_t& field = cpu.system().*reg.field;
    field = (field & ~reg.writable) | (value & reg.writable);
    return next(cpu, op);
  }
  const uint64_t after = cpu.pcOf(op) + 4;
  if (!reg.write(cpu, op, value)) return;
  return cpu.stopBlock(op, after);
}

void refuse(Cpu& cpu, const Op* op) {
  if (cpu.exceptionLevel() == 0) return cpu.undefined(op);
  return cpu.unimplemented(op, "implementation-defined system register");
}

void execute(Cpu& cpu, const Op* op) {
  const SystemInstruction& instruction = *reinterpret_cast<const SystemInstruction*>(op->imm);
  if (!admitted(cpu, op, instruction.el0, instruction.el0Check, true)) return;
  const uint64_t after = cpu.pcOf(op) + 4;
  if (!instruction.execute(cpu, op, cpu.state().x[op->rn])) return;
  if (instruction.endsBlock) return cpu.stopBlock(op, after);
  return next(cpu, op);
}

}  // namespace

Handler readRegister() { return read; }
Handler writeRegister() { return write; }
Handler unmodelledRegister() { return refuse; }
Handler systemInstruction() { return execute; }

}  // namespace cellvisor::machine::system
