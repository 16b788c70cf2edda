#include "round.h"

namespace cellvisor::machine::fpsimd {

namespace {

unsigned leadingZeros(Wide value) {
  const auto high = static_cast<uint64_t>(value >> 64);
  return high != 0 ? static_cast<unsigned>(__builtin_clzll(high))
                   : 64 + static_cast<unsigned>(__builtin_clzll(static_cast<uint64_t>(value)));
}

/** Overflow: the largest number or infinity, whichever the rounding mode says. */
template <class F>
typename F::Bits overflow(CpuState& s, bool negative, Rounding rounding) {
  s.fpsr |= fpsr::kOverflow | fpsr::kInexact;
  const bool toInfinity = rounding == Rounding::kNearestEven || rounding == Rounding::kNearestAway ||
                          rounding == (negative ? Rounding::kTowardsMinus : Rounding::kTowardsPlus);
  return toInfinity ? F::infinity(negative) : F::largest(negative);
}

}  // namespace

template <class F>
typename F::Bits round(CpuState& s, const Exact& value, Rounding rounding) {
  constexpr bool kIsHalf = F::kWidth == 16;
  const bool alternativeHalf = kIsHalf && (s.fpcr & fpcr::kAlternativeHalf);

  const unsigned leading = leadingZeros(value.significand);
  const int exponent = value.exponent + 2 - static_cast<int>(leading);
  const Wide significand = value.significand << leading;  // bit 127 set: value is significand * 2^(exponent - 127)

  const bool tiny = exponent < F::kMinimumExponent;
  if (tiny && !kIsHalf && (s.fpcr & fpcr::kFlushToZero)) {
    s.fpsr |= fpsr::kUnderflow;
    return F::zero(value.negative);
  }
  if (!alternativeHalf && exponent > F::kBias) return overflow<F>(s, value.negative, rounding);

  const unsigned denormalShift = tiny ? static_cast<unsigned>(F::kMinimumExponent - exponent) : 0;
  const Wide quarters = shiftRightSticky(significand, 127 - F::kFractionBits - 2 + denormalShift);
  const auto error = static_cast<unsigned>(quarters & 3);
  auto mantissa = static_cast<uint64_t>(quarters >> 2);
  if (roundsUp(rounding, value.negative, mantissa & 1, error)) mantissa += 1;
  if (tiny && error != 0) s.fpsr |= fpsr::kUnderflow;

  // The hidden bit carries into the exponent field, which is therefore one too small here.
  const auto exponentBelow = static_cast<uint64_t>(tiny ? 0 : exponent - F::kMinimumExponent);
  if (alternativeHalf) {
    const bool tooLarge = exponentBelow > F::kExponentMaximum || (exponentBelow << F::kFractionBits) + mantissa >= F::kSign;
    if (tooLarge) {
      s.fpsr |= fpsr::kInvalidOperation;
      return static_cast<typename F::Bits>(F::signOf(value.negative) | (F::kSign - 1));
    }
  }
  const uint64_t magnitude = (exponentBelow << F::kFractionBits) + mantissa;
  if (!alternativeHalf && magnitude >= F::kInfinity) return overflow<F>(s, value.negative, rounding);
  if (error != 0) s.fpsr |= fpsr::kInexact;
  return static_cast<typename F::Bits>(F::signOf(value.negative) | magnitude);
}

template uint16_t round<Half>(CpuState&, const Exact&, Rounding);
template uint32_t round<Single>(CpuState&, const Exact&, Rounding);
template uint64_t round<Double>(CpuState&, const Exact&, Rounding);

}  // namespace cellvisor::machine::fpsimd
