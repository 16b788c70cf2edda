#include "register.h"

// IC and DC (Arm ARM C5.3). Data caches need nothing: host memory is coherent. An address is translated all the same,
// because the instruction faults where a read would.

namespace cellvisor::machine::system {
namespace {

bool maintenanceFromEl0(Cpu& cpu, bool) { return cpu.system().sctlr & sctlr::kUCI; }
bool zeroFromEl0(Cpu& cpu, bool) { return cpu.system().sctlr & sctlr::kDZE; }

bool nothing(Cpu&, const Op*, uint64_t) { return true; }

bool byAddress(Cpu& cpu, const Op* op, uint64_t address) { return cpu.maintainCache(op, address); }

bool zero(Cpu& cpu, const Op* op, uint64_t address) { return cpu.zeroBlock(op, address); }

bool invalidateCode(Cpu& cpu, const Op*, uint64_t) {
  cpu.invalidateCode();
  return true;
}

bool invalidateCodeEverywhere(Cpu& cpu, const Op* op, uint64_t) {
  cpu.invalidateCode();
  cpu.synchronise(op);
  const Cpu::Outside outside(cpu);
  cpu.environment().broadcastInvalidate(cpu, false, true);
  return true;
}

bool invalidateCodeAt(Cpu& cpu, const Op* op, uint64_t address) {
  if (!cpu.maintainCode(op, address)) return false;
  cpu.synchronise(op);
  const Cpu::Outside outside(cpu);
  cpu.environment().broadcastInvalidate(cpu, false, true);
  return true;
}

constexpr SystemInstruction privileged(unsigned crm, unsigned op2, bool (*execute)(Cpu&, const Op*, uint64_t),
                                       bool endsBlock = false) {
  return {key(1, 0, 7, crm, op2), execute, El0::kNever, nullptr, endsBlock};
}

constexpr SystemInstruction user(unsigned crm, unsigned op2, bool (*execute)(Cpu&, const Op*, uint64_t),
                                 El0Check check = maintenanceFromEl0, bool endsBlock = false) {
  return {key(1, 3, 7, crm, op2), execute, El0::kChecked, check, endsBlock};
}

constexpr SystemInstruction kInstructions[] = {
    privileged(1, 0, invalidateCodeEverywhere, true),           // IC IALLUIS
    privileged(5, 0, invalidateCode, true),                     // IC IALLU
    user(5, 1, invalidateCodeAt, maintenanceFromEl0, true),     // IC IVAU
    privileged(6, 1, byAddress),                                // DC IVAC
    privileged(6, 2, nothing),                                  // DC ISW
    privileged(10, 2, nothing),                                 // DC CSW
    privileged(14, 2, nothing),                                 // DC CISW
    user(4, 1, zero, zeroFromEl0),                              // DC ZVA
    user(10, 1, byAddress),                                     // DC CVAC
    user(11, 1, byAddress),                                     // DC CVAU
    user(14, 1, byAddress),                                     // DC CIVAC
};

}  // namespace

Table<SystemInstruction> cacheInstructions() { return {kInstructions, std::size(kInstructions)}; }

}  // namespace cellvisor::machine::system
