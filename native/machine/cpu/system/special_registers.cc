#include "register.h"

// PSTATE, stack pointers and the floating-point registers (Arm ARM C5.2).

namespace cellvisor::machine::system {
namespace {

bool maskFromEl0(Cpu& cpu, bool) { return cpu.system().sctlr & sctlr::kUMA; }

bool readNzcv(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.state().nzcv();
  return true;
}

bool writeNzcv(Cpu& cpu, const Op*, uint64_t value) {
  cpu.state().setNzcv(static_cast<uint32_t>(value));
  return true;
}

bool readDaif(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.daif();
  return true;
}

bool writeDaif(Cpu& cpu, const Op*, uint64_t value) {
  cpu.setDaif(static_cast<uint32_t>(value));
  return true;
}

bool fpAccessible(Cpu& cpu, const Op* op) {
  if (cpu.fpEnabled()) return true;
  cpu.trapFpAccess(op);
  return false;
}

bool readFpcr(Cpu& cpu, const Op* op, uint64_t& value) {
  value = cpu.state().fpcr;
  return fpAccessible(cpu, op);
}

bool writeFpcr(Cpu& cpu, const Op* op, uint64_t value) {
  if (!fpAccessible(cpu, op)) return false;
  cpu.state().fpcr = static_cast<uint32_t>(value & kFpcrWritable);
  return true;
}

bool readFpsr(Cpu& cpu, const Op* op, uint64_t& value) {
  value = cpu.state().fpsr;
  return fpAccessible(cpu, op);
}

bool writeFpsr(Cpu& cpu, const Op* op, uint64_t value) {
  if (!fpAccessible(cpu, op)) return false;
  cpu.state().fpsr = static_cast<uint32_t>(value & kFpsrWritable);
  return true;
}

bool readCurrentEl(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.exceptionLevel() << 2;
  return true;
}

bool readSpSelect(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.stackPointerSelect();
  return true;
}

bool writeSpSelect(Cpu& cpu, const Op*, uint64_t value) {
  cpu.setLevel(1, value & 1);
  return true;
}

/** SP_EL0 has no name of its own while it is the stack pointer. */
bool userStackAccessible(Cpu& cpu, const Op* op) {
  if (cpu.stackPointerSelect()) return true;
  cpu.undefined(op);
  return false;
}

bool readUserStack(Cpu& cpu, const Op* op, uint64_t& value) {
  value = cpu.stackPointer(0);
  return userStackAccessible(cpu, op);
}

bool writeUserStack(Cpu& cpu, const Op* op, uint64_t value) {
  if (!userStackAccessible(cpu, op)) return false;
  cpu.setBankedStackPointer(0, value);
  return true;
}

constexpr SystemRegister computed(uint16_t key, El0 el0, bool (*read)(Cpu&, const Op*, uint64_t&),
                                  bool (*write)(Cpu&, const Op*, uint64_t), El0Check check = nullptr) {
  SystemRegister reg{key};
  reg.el0 = el0;
  reg.read = read;
  reg.write = write;
  reg.el0Check = check;
  return reg;
}

constexpr SystemRegister kRegisters[] = {
    computed(key(3, 3, 4, 2, 0), El0::kAlways, readNzcv, writeNzcv),
    computed(key(3, 3, 4, 2, 1), El0::kChecked, readDaif, writeDaif, maskFromEl0),
    computed(key(3, 3, 4, 4, 0), El0::kAlways, readFpcr, writeFpcr),
    computed(key(3, 3, 4, 4, 1), El0::kAlways, readFpsr, writeFpsr),
    computed(key(3, 0, 4, 2, 2), El0::kNever, readCurrentEl, nullptr),
    computed(key(3, 0, 4, 2, 0), El0::kNever, readSpSelect, writeSpSelect),
    computed(key(3, 0, 4, 1, 0), El0::kNever, readUserStack, writeUserStack),
};

}  // namespace

Table<SystemRegister> specialRegisters() { return {kRegisters, std::size(kRegisters)}; }

}  // namespace cellvisor::machine::system
