#include "../float/operations.h"
#include "../vector/kernels.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** Lane size 0..3 of the ptype field: S, D, none, H. */
constexpr unsigned kPrecision[4] = {2, 3, 0, 1};

template <class Operation>
constexpr PickSame kUnary = pickSame<Operation, Sign::kUnsigned, kNoSize, kSD, Second::kImmediate>;
template <class Operation>
constexpr PickSame kBinary = pickSame<Operation, Sign::kUnsigned, kNoSize, kSD>;

struct FloatMove {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return n;
  }
};

/** By opcode; 000100..000111 are FCVT. */
constexpr PickSame kOneSource[16] = {
    kUnary<FloatMove>,
    kUnary<FloatAbsolute>,
    kUnary<FloatNegate>,
    kUnary<FloatSquareRoot>,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    kUnary<RoundToIntegral<Mode::kNearestEven>>,
    kUnary<RoundToIntegral<Mode::kTowardsPlus>>,
    kUnary<RoundToIntegral<Mode::kTowardsMinus>>,
    kUnary<RoundToIntegral<Mode::kTowardsZero>>,
    kUnary<RoundToIntegral<Mode::kNearestAway>>,
    nullptr,
    kUnary<RoundToIntegral<Mode::kCurrent, true>>,
    kUnary<RoundToIntegral<Mode::kCurrent>>,
};

constexpr PickSame kTwoSource[9] = {kBinary<FloatMultiply>,      kBinary<FloatDivide>,        kBinary<FloatAdd>,
                                    kBinary<FloatSubtract>,      kBinary<FloatMaximum>,       kBinary<FloatMinimum>,
                                    kBinary<FloatMaximumNumber>, kBinary<FloatMinimumNumber>, kBinary<FloatMultiplyNegate>};

template <class To, class From>
void convertFormat(CpuState& s, const Op& op) {
  const auto value = lane<typename From::Bits>(s.v[op.rn], 0);
  setScalar(s.v[op.rd], convert<To, From>(s, value, currentRounding(s)));
}

/** By ptype and the low two bits of opcode. */
constexpr Handler kConvert[4][4] = {
    {nullptr, handler<convertFormat<Double, Single>>, nullptr, handler<convertFormat<Half, Single>>},
    {handler<convertFormat<Single, Double>>, nullptr, nullptr, handler<convertFormat<Half, Double>>},
    {nullptr, nullptr, nullptr, nullptr},
    {handler<convertFormat<Single, Half>>, handler<convertFormat<Double, Half>>, nullptr, nullptr},
};

/** FMADD, FMSUB, FNMADD, FNMSUB. */
template <class F, bool kNegateAddend, bool kNegateProduct>
void fused(CpuState& s, const Op& op) {
  using T = typename F::Bits;
  const T addend = lane<T>(s.v[op.ra], 0), n = lane<T>(s.v[op.rn], 0), m = lane<T>(s.v[op.rm], 0);
  setScalar(s.v[op.rd], multiplyAdd<F>(s, kNegateAddend ? negate<F>(addend) : addend, kNegateProduct ? negate<F>(n) : n, m));
}

/** By ptype and o1:o0. */
constexpr Handler kFused[2][4] = {
    {handler<fused<Single, false, false>>, handler<fused<Single, false, true>>, handler<fused<Single, true, true>>,
     handler<fused<Single, true, false>>},
    {handler<fused<Double, false, false>>, handler<fused<Double, false, true>>, handler<fused<Double, true, true>>,
     handler<fused<Double, true, false>>},
};

}  // namespace

bool decodeOneSource(uint32_t insn, Op& op) {
  const unsigned opcode = bits(insn, 20, 15), ptype = bits(insn, 23, 22);
  if (opcode >= 16) return false;
  if (opcode >= 4 && opcode < 8) return select(op, kConvert[ptype][opcode & 3]);
  const PickSame pick = kOneSource[opcode];
  return pick != nullptr && select(op, pick(kPrecision[ptype], Shape::kScalar));
}

bool decodeTwoSource(uint32_t insn, Op& op) {
  const unsigned opcode = bits(insn, 15, 12);
  return opcode < 9 && select(op, kTwoSource[opcode](kPrecision[bits(insn, 23, 22)], Shape::kScalar));
}

bool decodeThreeSource(uint32_t insn, Op& op) {
  const unsigned ptype = bits(insn, 23, 22);
  return ptype < 2 && select(op, kFused[ptype][bit(insn, 21) << 1 | bit(insn, 15)]);
}

}  // namespace cellvisor::machine::fpsimd
