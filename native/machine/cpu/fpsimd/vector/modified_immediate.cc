#include "../float/immediate.h"
#include "../handler.h"
#include "../lanes.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

enum class Use { kMove, kOr, kBitClear };

template <Use kUse, unsigned kBytes>
void apply(CpuState& s, const Op& op) {
  VectorRegister& d = s.v[op.rd];
  for (unsigned i = 0; i < 2; ++i) {
    if (i * 8 >= kBytes) d.d[i] = 0;
    else if (kUse == Use::kMove) d.d[i] = op.imm;
    else if (kUse == Use::kOr) d.d[i] |= op.imm;
    else d.d[i] &= ~op.imm;
  }
}

uint64_t replicate(uint64_t value, unsigned widthBits) {
  for (; widthBits < 64; widthBits *= 2) value |= value << widthBits;
  return value;
}

/** Each bit of `value` becomes a byte of ones or zeros. */
uint64_t spread(unsigned value) {
  uint64_t result = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if ((value >> i) & 1) result |= uint64_t{0xff} << (8 * i);
  }
  return result;
}

}  // namespace

/** Arm ARM AdvSIMDExpandImm: MOVI, MVNI, ORR, BIC, FMOV (vector, immediate). */
bool decodeModifiedImmediate(uint32_t insn, Op& op) {
  const bool q = bit(insn, 30), inverted = bit(insn, 29);
  const unsigned cmode = bits(insn, 15, 12);
  const uint64_t value = bits(insn, 18, 16) << 5 | bits(insn, 9, 5);
  if (bit(insn, 11)) return false;  // half-precision FMOV is Armv8.2

  Use use = Use::kMove;
  uint64_t expanded = 0;
  if (cmode < 12) {
    const bool isHalfword = cmode >= 8;
    const unsigned shift = 8 * ((cmode >> 1) & (isHalfword ? 1 : 3));
    expanded = replicate(value << shift, isHalfword ? 16 : 32);
    if (cmode & 1) use = inverted ? Use::kBitClear : Use::kOr;
  } else if (cmode < 14) {
    // Ones are shifted in.
    const unsigned shift = cmode == 12 ? 8 : 16;
    expanded = replicate(value << shift | ((uint64_t{1} << shift) - 1), 32);
  } else if (cmode == 14) {
    expanded = inverted ? spread(static_cast<unsigned>(value)) : replicate(value, 8);
  } else if (inverted) {
    if (!q) return false;
    expanded = expandImmediate<Double>(static_cast<unsigned>(value));
  } else {
    expanded = replicate(expandImmediate<Single>(static_cast<unsigned>(value)), 32);
  }
  const bool isMoveInverted = inverted && cmode < 14 && use == Use::kMove;
  op.imm = isMoveInverted ? ~expanded : expanded;
  switch (use) {
    case Use::kMove: return select(op, q ? handler<apply<Use::kMove, 16>> : handler<apply<Use::kMove, 8>>);
    case Use::kOr: return select(op, q ? handler<apply<Use::kOr, 16>> : handler<apply<Use::kOr, 8>>);
    case Use::kBitClear: return select(op, q ? handler<apply<Use::kBitClear, 16>> : handler<apply<Use::kBitClear, 8>>);
  }
  return false;
}

}  // namespace cellvisor::machine::fpsimd
