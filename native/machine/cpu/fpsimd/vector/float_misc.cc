#include "../float/operations.h"
#include "groups.h"
#include "kernels.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** FCVTN, FCVTXN and FCVTL. */
template <bool kRoundToOdd>
struct ConvertNarrow {
  template <class N, class W>
  static N lane(CpuState& s, W n, W, unsigned) {
    return convert<FormatOf<N>, FormatOf<W>>(s, n, kRoundToOdd ? Rounding::kOdd : currentRounding(s));
  }
};
struct ConvertLong {
  template <class W, class N>
  static W lane(CpuState& s, W, W n, W, unsigned) {
    return convert<FormatOf<W>, FormatOf<N>>(s, static_cast<N>(n), currentRounding(s));
  }
};

template <class Operation, unsigned kScalar = kNoSize, unsigned kVector = kSD>
constexpr PickSame kUnary = pickSame<Operation, Sign::kUnsigned, kVector, kScalar, Second::kImmediate>;
template <class Operation>
constexpr PickSame kSignedUnary = pickSame<Operation, Sign::kSigned, kSD, kSD, Second::kImmediate>;

/** By U, size<1> and opcode, 11000..11111. */
constexpr PickSame kHighOpcodes[2][2][8] = {
    {
        {kUnary<RoundToIntegral<Mode::kNearestEven>>, kUnary<RoundToIntegral<Mode::kTowardsMinus>>,
         kSignedUnary<ToInteger<Mode::kNearestEven>>, kSignedUnary<ToInteger<Mode::kTowardsMinus>>,
         kSignedUnary<ToInteger<Mode::kNearestAway>>, kSignedUnary<FromInteger>, nullptr, nullptr},
        {kUnary<RoundToIntegral<Mode::kTowardsPlus>>, kUnary<RoundToIntegral<Mode::kTowardsZero>>,
         kSignedUnary<ToInteger<Mode::kTowardsPlus>>, kSignedUnary<ToInteger<Mode::kTowardsZero>>,
         kUnary<UnsignedReciprocalEstimate, kNoSize, kS>, kUnary<FloatReciprocalEstimate, kSD>, nullptr,
         kUnary<FloatReciprocalExponent, kSD, kNoSize>},
    },
    {
        {kUnary<RoundToIntegral<Mode::kNearestAway>>, kUnary<RoundToIntegral<Mode::kCurrent, true>>,
         kUnary<ToInteger<Mode::kNearestEven>, kSD>, kUnary<ToInteger<Mode::kTowardsMinus>, kSD>,
         kUnary<ToInteger<Mode::kNearestAway>, kSD>, kUnary<FromInteger, kSD>, nullptr, nullptr},
        {nullptr, kUnary<RoundToIntegral<Mode::kCurrent>>, kUnary<ToInteger<Mode::kTowardsPlus>, kSD>,
         kUnary<ToInteger<Mode::kTowardsZero>, kSD>, kUnary<UnsignedReciprocalRootEstimate, kNoSize, kS>,
         kUnary<FloatReciprocalRootEstimate, kSD>, nullptr, kUnary<FloatSquareRoot>},
    },
};

/** By U and opcode, 01100..01111; size<1> is 1. */
constexpr PickSame kCompares[2][4] = {
    {kUnary<FloatGreaterZero, kSD>, kUnary<FloatEqualZero, kSD>, kUnary<FloatLessZero, kSD>, kUnary<FloatAbsolute>},
    {kUnary<FloatGreaterEqualZero, kSD>, kUnary<FloatLessEqualZero, kSD>, nullptr, kUnary<FloatNegate>},
};

}  // namespace

bool decodeFloatMisc(uint32_t insn, Op& op) {
  const bool scalar = bit(insn, 28), q = bit(insn, 30), u = bit(insn, 29), high = bit(insn, 23), sz = bit(insn, 22);
  const unsigned opcode = bits(insn, 16, 12);
  const Shape shape = scalar ? Shape::kScalar : q ? Shape::kFull : Shape::kHalf;
  const Part part = scalar ? Part::kScalar : q ? Part::kUpper : Part::kLower;

  if (opcode == 0x16 && !high) {
    // FCVTN makes halves or singles; FCVTXN, singles only.
    if (u) return sz && select(op, pickNarrowing<ConvertNarrow<true>, Sign::kUnsigned, kS, kS>(2, part));
    return select(op, pickNarrowing<ConvertNarrow<false>, Sign::kUnsigned, kHS>(sz ? 2 : 1, part));
  }
  if (opcode == 0x17 && !high && !u) {
    return select(op, pickWidening<ConvertLong, Sign::kUnsigned, kHS, kNoSize, Second::kImmediate>(sz ? 2 : 1, part));
  }
  PickSame pick = nullptr;
  if (opcode >= 0x18) pick = kHighOpcodes[u][high][opcode - 0x18];
  else if (opcode >= 0x0c && opcode <= 0x0f && high) pick = kCompares[u][opcode - 0x0c];
  return pick != nullptr && select(op, pick(sz ? 3 : 2, shape));
}

}  // namespace cellvisor::machine::fpsimd
