#pragma once

#include "../cpu.h"

namespace cellvisor::machine::fpsimd {

/** What an instruction does to the registers, once it is certain that it may. */
using Body = void (*)(CpuState&, const Op&);

/** The handler of an instruction that touches no memory. */
template <Body kBody>
void handler(Cpu& cpu, const Op* op) {
  if (!cpu.fpEnabled()) return cpu.trapFpAccess(op);
  kBody(cpu.state(), *op);
  return next(cpu, op);
}

/** Takes a decoder's choice; a null handler is an unallocated encoding. */
inline bool select(Op& op, Handler chosen) {
  op.run = chosen;
  return chosen != nullptr;
}

/** The slot that reads (writes) of general register `number` use when 31 is ZR. */
constexpr uint8_t readSlot(unsigned number) { return static_cast<uint8_t>(number == 31 ? unsigned{kZero} : number); }
constexpr uint8_t writeSlot(unsigned number) { return static_cast<uint8_t>(number == 31 ? unsigned{kDiscard} : number); }

/** Rd, Rn, Rm and Ra as V registers: the fields of nearly all encodings. */
inline void setVectorRegisters(Op& op, uint32_t insn) {
  op.rd = static_cast<uint8_t>(bits(insn, 4, 0));
  op.rn = static_cast<uint8_t>(bits(insn, 9, 5));
  op.rm = static_cast<uint8_t>(bits(insn, 20, 16));
  op.ra = static_cast<uint8_t>(bits(insn, 14, 10));
}

}  // namespace cellvisor::machine::fpsimd
