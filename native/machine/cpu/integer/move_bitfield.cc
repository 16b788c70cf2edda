#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

void setConstant(Cpu& cpu, const Op* op) {
  cpu.state().x[op->rd] = op->imm;
  return next(cpu, op);
}

template <class W>
void keep(Cpu& cpu, const Op* op) {
  uint64_t& x = cpu.state().x[op->rd];
  x = static_cast<W>((x & ~(uint64_t{0xffff} << op->rm)) | op->imm << op->rm);
  return next(cpu, op);
}

void unsignedField(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  state.x[op->rd] = state.x[op->rn] << op->rm >> op->ra;
  return next(cpu, op);
}

template <class W>
void signedField(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  state.x[op->rd] = static_cast<W>(static_cast<int64_t>(state.x[op->rn] << op->rm) >> op->ra);
  return next(cpu, op);
}

void insertField(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  // The destination is also a source: as a source, slot 33 (ZR as destination) does no harm.
  const uint64_t field = state.x[op->rn] << op->rm >> op->ra;
  const uint64_t width = op->insn >> 31 ? ~uint64_t{0} : 0xffffffffu;
  state.x[op->rd] = ((state.x[op->rd] & ~op->imm) | field) & width;
  return next(cpu, op);
}

template <class W>
void extractFromPair(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W high = static_cast<W>(state.x[op->rn]), low = static_cast<W>(state.x[op->rm]);
  const unsigned shift = static_cast<unsigned>(op->imm);
  state.x[op->rd] = shift == 0 ? low : static_cast<W>(low >> shift | high << (sizeof(W) * 8 - shift));
  return next(cpu, op);
}

}  // namespace

Handler constant() { return setConstant; }
Handler moveKeep(bool is64) { return is64 ? keep<uint64_t> : keep<uint32_t>; }
Handler unsignedBitfield() { return unsignedField; }
Handler signedBitfield(bool is64) { return is64 ? signedField<uint64_t> : signedField<uint32_t>; }
Handler bitfieldInsert() { return insertField; }
Handler extract(bool is64) { return is64 ? extractFromPair<uint64_t> : extractFromPair<uint32_t>; }

}  // namespace cellvisor::machine::integer
