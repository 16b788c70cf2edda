#include "../float/compare.h"

#include "../float/immediate.h"
#include "../handler.h"
#include "../lanes.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** FCMP and FCMPE, with a register or with zero. */
template <class F, bool kWithZero, bool kQuietNanSignals>
void compareRegisters(CpuState& s, const Op& op) {
  using T = typename F::Bits;
  const T m = kWithZero ? T{0} : lane<T>(s.v[op.rm], 0);
  s.setNzcv(static_cast<uint32_t>(compare<F>(s, lane<T>(s.v[op.rn], 0), m, kQuietNanSignals)));
}

/** FCCMP, FCCMPE: op.ra is the condition, op.imm what NZCV becomes if it fails. */
template <class F, bool kQuietNanSignals>
void compareConditionally(CpuState& s, const Op& op) {
  if (s.holds(op.ra)) return compareRegisters<F, false, kQuietNanSignals>(s, op);
  s.setNzcv(static_cast<uint32_t>(op.imm));
}

template <class T>
void selectRegister(CpuState& s, const Op& op) {
  setScalar(s.v[op.rd], lane<T>(s.v[s.holds(op.ra) ? op.rn : op.rm], 0));
}

void moveImmediate(CpuState& s, const Op& op) { setScalar(s.v[op.rd], op.imm); }

/** By ptype, E and zero. */
constexpr Handler kCompare[2][2][2] = {
    {{handler<compareRegisters<Single, false, false>>, handler<compareRegisters<Single, true, false>>},
     {handler<compareRegisters<Single, false, true>>, handler<compareRegisters<Single, true, true>>}},
    {{handler<compareRegisters<Double, false, false>>, handler<compareRegisters<Double, true, false>>},
     {handler<compareRegisters<Double, false, true>>, handler<compareRegisters<Double, true, true>>}},
};
constexpr Handler kCompareConditionally[2][2] = {
    {handler<compareConditionally<Single, false>>, handler<compareConditionally<Single, true>>},
    {handler<compareConditionally<Double, false>>, handler<compareConditionally<Double, true>>},
};

}  // namespace

bool decodeCompare(uint32_t insn, Op& op) {
  const unsigned ptype = bits(insn, 23, 22);
  if (ptype > 1 || bits(insn, 15, 14) != 0 || bits(insn, 2, 0) != 0) return false;
  return select(op, kCompare[ptype][bit(insn, 4)][bit(insn, 3)]);
}

bool decodeConditionalCompare(uint32_t insn, Op& op) {
  const unsigned ptype = bits(insn, 23, 22);
  if (ptype > 1) return false;
  op.ra = static_cast<uint8_t>(bits(insn, 15, 12));
  op.imm = bits(insn, 3, 0) << 28;
  return select(op, kCompareConditionally[ptype][bit(insn, 4)]);
}

bool decodeConditionalSelect(uint32_t insn, Op& op) {
  const unsigned ptype = bits(insn, 23, 22);
  if (ptype > 1) return false;
  op.ra = static_cast<uint8_t>(bits(insn, 15, 12));
  return select(op, ptype == 0 ? handler<selectRegister<uint32_t>> : handler<selectRegister<uint64_t>>);
}

bool decodeImmediate(uint32_t insn, Op& op) {
  const unsigned ptype = bits(insn, 23, 22), imm8 = bits(insn, 20, 13);
  if (ptype > 1 || bits(insn, 9, 5) != 0) return false;
  op.imm = ptype == 0 ? expandImmediate<Single>(imm8) : expandImmediate<Double>(imm8);
  return select(op, handler<moveImmediate>);
}

}  // namespace cellvisor::machine::fpsimd
