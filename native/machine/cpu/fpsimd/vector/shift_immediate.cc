#include "../float/convert.h"
#include "groups.h"
#include "kernels.h"
#include "shift.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** SSHR, SRSHR, SSRA, SRSRA. The amount is the immediate, 1 to the lane's width. */
template <bool kRound, bool kAccumulate>
struct ShiftRight {
  template <class T>
  static T lane(CpuState&, T d, T n, T amount) {
    const T shifted = shiftRight<kRound>(n, static_cast<uint8_t>(amount));
    return kAccumulate ? static_cast<T>(static_cast<Modular<T>>(d) + static_cast<Modular<T>>(shifted)) : shifted;
  }
};

template <bool kSaturate>
struct ShiftLeft {
  template <class T>
  static T lane(CpuState& s, T, T n, T amount) {
    return shiftLeft<T, kSaturate>(s, n, static_cast<uint8_t>(amount));
  }
};

/** SQSHLU: signed input, unsigned result. */
struct ShiftLeftUnsigned {
  template <class T>
  static T lane(CpuState& s, T, T n, T amount) {
    return static_cast<T>(shiftLeft<std::make_unsigned_t<T>, true>(s, n, static_cast<uint8_t>(amount)));
  }
};

/** SRI and SLI keep the bits of d that the shifted value does not reach. */
struct ShiftRightInsert {
  template <class T>
  static T lane(CpuState& s, T d, T n, T amount) {
    const T reached = ShiftRight<false, false>::lane<T>(s, 0, static_cast<T>(~T{0}), amount);
    return static_cast<T>((d & ~reached) | ShiftRight<false, false>::lane<T>(s, 0, n, amount));
  }
};
struct ShiftLeftInsert {
  template <class T>
  static T lane(CpuState& s, T d, T n, T amount) {
    const T reached = ShiftLeft<false>::lane<T>(s, 0, static_cast<T>(~T{0}), amount);
    return static_cast<T>((d & ~reached) | ShiftLeft<false>::lane<T>(s, 0, n, amount));
  }
};

/** SHRN, RSHRN. */
template <bool kRound>
struct ShiftRightNarrow {
  template <class N, class W>
  static N lane(CpuState&, W n, W, unsigned amount) {
    return static_cast<N>(shiftRight<kRound>(n, amount));
  }
};
/** SQSHRN, UQSHRN, SQSHRUN and the rounding forms: to `Target`'s range of the narrow width. */
template <bool kRound, Sign kTarget>
struct ShiftRightNarrowSaturating {
  template <class N, class W>
  static N lane(CpuState& s, W n, W, unsigned amount) {
    return static_cast<N>(saturate<Lane<kTarget, kSizeOf<N>>>(s, shiftRight<kRound>(n, amount)));
  }
};

struct ShiftLeftLong {
  template <class W, class>
  static W lane(CpuState& s, W, W n, W, unsigned amount) {
    return shiftLeft<W, false>(s, n, amount);
  }
};

/** SCVTF, UCVTF and FCVTZS, FCVTZU between lanes and fixed point with `fractionBits`. */
struct FixedToFloat {
  template <class T>
  static T lane(CpuState& s, T, T n, T fractionBits) {
    using F = FormatOf<T>;
    const Fixed source{F::kWidth, std::is_signed_v<T>, static_cast<uint8_t>(fractionBits)};
    return static_cast<T>(fromFixed<F>(s, static_cast<uint64_t>(n), source));
  }
};
struct FloatToFixed {
  template <class T>
  static T lane(CpuState& s, T, T n, T fractionBits) {
    using F = FormatOf<T>;
    const Fixed target{F::kWidth, std::is_signed_v<T>, static_cast<uint8_t>(fractionBits)};
    return static_cast<T>(toFixed<F>(s, static_cast<typename F::Bits>(n), target, Rounding::kTowardsZero));
  }
};

constexpr Sign kI = Sign::kSigned, kU = Sign::kUnsigned;

template <class Operation, Sign kSign, unsigned kVector = kAll, unsigned kScalar = kD>
constexpr PickSame kSame = pickSame<Operation, kSign, kVector, kScalar, Second::kImmediate>;

/** By U and opcode / 2 of 00000..01110; right shifts below 01010, except 01000. */
constexpr PickSame kSameWidth[2][8] = {
    {kSame<ShiftRight<false, false>, kI>, kSame<ShiftRight<false, true>, kI>, kSame<ShiftRight<true, false>, kI>,
     kSame<ShiftRight<true, true>, kI>, nullptr, kSame<ShiftLeft<false>, kU>, nullptr, kSame<ShiftLeft<true>, kI, kAll, kAll>},
    {kSame<ShiftRight<false, false>, kU>, kSame<ShiftRight<false, true>, kU>, kSame<ShiftRight<true, false>, kU>,
     kSame<ShiftRight<true, true>, kU>, kSame<ShiftRightInsert, kU>, kSame<ShiftLeftInsert, kU>,
     kSame<ShiftLeftUnsigned, kI, kAll, kAll>, kSame<ShiftLeft<true>, kU, kAll, kAll>},
};

/** By U and opcode of 10000..10011. */
constexpr PickPart kNarrowing[2][4] = {
    {pickNarrowing<ShiftRightNarrow<false>, kU, kBHS>, pickNarrowing<ShiftRightNarrow<true>, kU, kBHS>,
     pickNarrowing<ShiftRightNarrowSaturating<false, kI>, kI, kBHS, kBHS>,
     pickNarrowing<ShiftRightNarrowSaturating<true, kI>, kI, kBHS, kBHS>},
    {pickNarrowing<ShiftRightNarrowSaturating<false, kU>, kI, kBHS, kBHS>,
     pickNarrowing<ShiftRightNarrowSaturating<true, kU>, kI, kBHS, kBHS>,
     pickNarrowing<ShiftRightNarrowSaturating<false, kU>, kU, kBHS, kBHS>,
     pickNarrowing<ShiftRightNarrowSaturating<true, kU>, kU, kBHS, kBHS>},
};

}  // namespace

bool decodeShiftImmediate(uint32_t insn, Op& op) {
  const bool scalar = bit(insn, 28), q = bit(insn, 30), u = bit(insn, 29);
  const unsigned immh = bits(insn, 22, 19), immediate = bits(insn, 22, 16), opcode = bits(insn, 15, 11);
  if (immh == 0) return false;
  // The leading one of immh gives the lane size, what follows it the amount.
  const unsigned size = 31 - static_cast<unsigned>(__builtin_clz(immh));
  const unsigned width = 8u << size;
  const unsigned left = immediate - width, right = 2 * width - immediate;
  const Shape shape = scalar ? Shape::kScalar : q ? Shape::kFull : Shape::kHalf;
  const Part part = scalar ? Part::kScalar : q ? Part::kUpper : Part::kLower;

  if (opcode < 0x10) {
    if (opcode & 1) return false;
    const PickSame pick = kSameWidth[u][opcode / 2];
    op.imm = opcode < 0xa ? right : left;
    return pick != nullptr && select(op, pick(size, shape));
  }
  if (opcode < 0x14) {
    op.imm = right;
    return select(op, kNarrowing[u][opcode - 0x10](size, part));
  }
  switch (opcode) {
    case 0x14:
      op.imm = left;
      return select(op, u ? pickWidening<ShiftLeftLong, kU, kBHS, kNoSize, Second::kImmediate>(size, part)
                          : pickWidening<ShiftLeftLong, kI, kBHS, kNoSize, Second::kImmediate>(size, part));
    case 0x1c:
      op.imm = right;
      return select(op, u ? kSame<FixedToFloat, kU, kSD, kSD>(size, shape) : kSame<FixedToFloat, kI, kSD, kSD>(size, shape));
    case 0x1f:
      op.imm = right;
      return select(op, u ? kSame<FloatToFixed, kU, kSD, kSD>(size, shape) : kSame<FloatToFixed, kI, kSD, kSD>(size, shape));
    default: return false;
  }
}

}  // namespace cellvisor::machine::fpsimd
