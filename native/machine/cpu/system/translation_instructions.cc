#include "register.h"

// TLBI and AT (Arm ARM C5.4, C5.5). The TLB here is small and quickly filled: every TLBI drops all of it, which Armv8
// allows.

namespace cellvisor::machine::system {
namespace {

bool invalidate(Cpu& cpu, const Op*, uint64_t) {
  cpu.translationChanged();
  return true;
}

bool invalidateEverywhere(Cpu& cpu, const Op* op, uint64_t) {
  cpu.translationChanged();
  cpu.synchronise(op);
  const Cpu::Outside outside(cpu);
  cpu.environment().broadcastInvalidate(cpu, true, false);
  return true;
}

template <unsigned kLevel, bool kWrite>
bool translate(Cpu& cpu, const Op* op, uint64_t address) {
  return cpu.translateToPar(op, address, kWrite, kLevel);
}

constexpr SystemInstruction tlbi(unsigned crm, unsigned op2) {
  return {key(1, 0, 8, crm, op2), crm == 3 ? invalidateEverywhere : invalidate, El0::kNever, nullptr, true};
}

constexpr SystemInstruction at(unsigned op2, bool (*execute)(Cpu&, const Op*, uint64_t)) {
  return {key(1, 0, 7, 8, op2), execute, El0::kNever, nullptr, false};
}

constexpr SystemInstruction kInstructions[] = {
    tlbi(3, 0), tlbi(3, 1), tlbi(3, 2), tlbi(3, 3), tlbi(3, 5), tlbi(3, 7),
    tlbi(7, 0), tlbi(7, 1), tlbi(7, 2), tlbi(7, 3), tlbi(7, 5), tlbi(7, 7),
    at(0, translate<1, false>),
    at(1, translate<1, true>),
    at(2, translate<0, false>),
    at(3, translate<0, true>),
};

}  // namespace

Table<SystemInstruction> translationInstructions() { return {kInstructions, std::size(kInstructions)}; }

}  // namespace cellvisor::machine::system
