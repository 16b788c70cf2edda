#include "../float/convert.h"

#include "../handler.h"
#include "../lanes.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** FCVT*S, FCVT*U: op.ra is the rounding mode, op.imm the number of fraction bits. */
template <class F, unsigned kWidth, bool kSigned>
void toGeneral(CpuState& s, const Op& op) {
  const Fixed target{kWidth, kSigned, static_cast<unsigned>(op.imm)};
  s.x[op.rd] = toFixed<F>(s, lane<typename F::Bits>(s.v[op.rn], 0), target, static_cast<Rounding>(op.ra));
}

/** SCVTF, UCVTF. */
template <class F, unsigned kWidth, bool kSigned>
void fromGeneral(CpuState& s, const Op& op) {
  setScalar(s.v[op.rd], fromFixed<F>(s, s.x[op.rn], {kWidth, kSigned, static_cast<unsigned>(op.imm)}));
}

/** FMOV between register files. */
template <class T>
void moveToGeneral(CpuState& s, const Op& op) {
  s.x[op.rd] = lane<T>(s.v[op.rn], 0);
}
template <class T>
void moveFromGeneral(CpuState& s, const Op& op) {
  setScalar(s.v[op.rd], static_cast<T>(s.x[op.rn]));
}
void moveTopToGeneral(CpuState& s, const Op& op) { s.x[op.rd] = s.v[op.rn].d[1]; }
void moveTopFromGeneral(CpuState& s, const Op& op) { s.v[op.rd].d[1] = s.x[op.rn]; }

/** By ptype, sf and unsignedness. */
constexpr Handler kToGeneral[2][2][2] = {
    {{handler<toGeneral<Single, 32, true>>, handler<toGeneral<Single, 32, false>>},
     {handler<toGeneral<Single, 64, true>>, handler<toGeneral<Single, 64, false>>}},
    {{handler<toGeneral<Double, 32, true>>, handler<toGeneral<Double, 32, false>>},
     {handler<toGeneral<Double, 64, true>>, handler<toGeneral<Double, 64, false>>}},
};
constexpr Handler kFromGeneral[2][2][2] = {
    {{handler<fromGeneral<Single, 32, true>>, handler<fromGeneral<Single, 32, false>>},
     {handler<fromGeneral<Single, 64, true>>, handler<fromGeneral<Single, 64, false>>}},
    {{handler<fromGeneral<Double, 32, true>>, handler<fromGeneral<Double, 32, false>>},
     {handler<fromGeneral<Double, 64, true>>, handler<fromGeneral<Double, 64, false>>}},
};

bool decodeToGeneral(uint32_t insn, Op& op, Rounding rounding) {
  op.rd = writeSlot(op.rd);
  op.ra = static_cast<uint8_t>(rounding);
  return select(op, kToGeneral[bits(insn, 23, 22)][bit(insn, 31)][bit(insn, 16)]);
}

bool decodeFromGeneral(uint32_t insn, Op& op) {
  op.rn = readSlot(op.rn);
  return select(op, kFromGeneral[bits(insn, 23, 22)][bit(insn, 31)][bit(insn, 16)]);
}

bool decodeMove(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31), fromGeneral = bit(insn, 16);
  const unsigned ptype = bits(insn, 23, 22), rmode = bits(insn, 20, 19);
  if (fromGeneral) op.rn = readSlot(op.rn);
  else op.rd = writeSlot(op.rd);
  if (rmode == 0 && ptype == 0 && !is64) {
    return select(op, fromGeneral ? handler<moveFromGeneral<uint32_t>> : handler<moveToGeneral<uint32_t>>);
  }
  if (rmode == 0 && ptype == 1 && is64) {
    return select(op, fromGeneral ? handler<moveFromGeneral<uint64_t>> : handler<moveToGeneral<uint64_t>>);
  }
  if (rmode == 1 && ptype == 2 && is64) {
    return select(op, fromGeneral ? handler<moveTopFromGeneral> : handler<moveTopToGeneral>);
  }
  return false;
}

}  // namespace

bool decodeFixedPoint(uint32_t insn, Op& op) {
  const unsigned scale = bits(insn, 15, 10);
  if (bits(insn, 23, 22) > 1 || (!bit(insn, 31) && scale < 32)) return false;
  op.imm = 64 - scale;
  // rmode:opcode
  switch (bits(insn, 20, 16)) {
    case 0b00010:
    case 0b00011: return decodeFromGeneral(insn, op);
    case 0b11000:
    case 0b11001: return decodeToGeneral(insn, op, Rounding::kTowardsZero);
    default: return false;
  }
}

bool decodeInteger(uint32_t insn, Op& op) {
  const unsigned ptype = bits(insn, 23, 22), rmode = bits(insn, 20, 19), opcode = bits(insn, 18, 16);
  if (opcode >= 6) return decodeMove(insn, op);
  if (ptype > 1) return false;
  if (opcode < 2) return decodeToGeneral(insn, op, static_cast<Rounding>(rmode));
  if (rmode != 0) return false;
  return opcode < 4 ? decodeFromGeneral(insn, op) : decodeToGeneral(insn, op, Rounding::kNearestAway);
}

}  // namespace cellvisor::machine::fpsimd
