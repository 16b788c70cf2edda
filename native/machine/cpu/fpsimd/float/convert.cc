#include "convert.h"

#include "round.h"

namespace cellvisor::machine::fpsimd {

namespace {

struct Integral {
  uint64_t magnitude = 0;
  bool inexact = false;
  /** The magnitude does not fit 64 bits. */
  bool tooLarge = false;
};

/** |value| * 2^fractionBits rounded to an integer. */
Integral roundMagnitude(const Number& value, unsigned fractionBits, Rounding rounding) {
  const int exponent = value.exponent + static_cast<int>(fractionBits);
  if (exponent > 63) return {0, false, true};
  // Two bits below the point: half, and sticky.
  const Wide quarters = exponent >= 61 ? static_cast<Wide>(value.significand) << (exponent - 61)
                                       : shiftRightSticky(value.significand, static_cast<unsigned>(61 - exponent));
  const auto error = static_cast<unsigned>(quarters & 3);
  const Wide whole = quarters >> 2;
  const Wide rounded = whole + roundsUp(rounding, value.negative, whole & 1, error);
  return {static_cast<uint64_t>(rounded), error != 0, (rounded >> 64) != 0};
}

/** A NaN crosses formats with the top of its payload; what does not fit is cut off. */
template <class To, class From>
typename To::Bits convertNan(typename From::Bits bits) {
  constexpr int kWider = static_cast<int>(To::kFractionBits) - static_cast<int>(From::kFractionBits);
  const uint64_t fraction = bits & From::kFractionMask;
  const uint64_t moved = kWider >= 0 ? fraction << (kWider >= 0 ? kWider : 0) : fraction >> (kWider < 0 ? -kWider : 0);
  return static_cast<typename To::Bits>(To::signOf((bits & From::kSign) != 0) | To::kInfinity | To::kQuiet | moved);
}

}  // namespace

template <class F>
uint64_t exact::toFixed(CpuState& s, typename F::Bits bits, Fixed target, Rounding rounding) {
  const auto value = unpack<F>(s, bits);
  if (value.isZero()) return 0;
  if (value.isNan()) {
    s.fpsr |= fpsr::kInvalidOperation;
    return 0;
  }
  const uint64_t mask = ~uint64_t{0} >> (64 - target.widthBits);
  const uint64_t largest = target.isSigned ? mask >> 1 : mask;
  const uint64_t largestNegative = target.isSigned ? largest + 1 : 0;
  const uint64_t limit = value.negative ? largestNegative : largest;
  Integral integral;
  if (value.isInfinity()) integral.tooLarge = true;
  else integral = roundMagnitude(value, target.fractionBits, rounding);
  if (integral.tooLarge || integral.magnitude > limit) {
    s.fpsr |= fpsr::kInvalidOperation;
    integral.magnitude = limit;
  } else if (integral.inexact) {
    s.fpsr |= fpsr::kInexact;
  }
  return (value.negative ? 0 - integral.magnitude : integral.magnitude) & mask;
}

template <class F>
typename F::Bits exact::fromFixed(CpuState& s, uint64_t value, Fixed source) {
  if (source.widthBits < 64) value &= (uint64_t{1} << source.widthBits) - 1;
  if (value == 0) return F::zero(false);
  const bool negative = source.isSigned && ((value >> (source.widthBits - 1)) & 1);
  if (negative) value = (0 - value) & (~uint64_t{0} >> (64 - source.widthBits));
  return round<F>(s, {negative, 125 - static_cast<int>(source.fractionBits), value}, currentRounding(s));
}

template <class F>
typename F::Bits roundToIntegral(CpuState& s, typename F::Bits bits, Rounding rounding, bool reportInexact) {
  const auto value = unpack<F>(s, bits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, value)) return result;
  if (value.isZero()) return F::zero(value.negative);
  if (value.isInfinity() || value.exponent >= static_cast<int>(F::kFractionBits)) return bits;
  const Integral integral = roundMagnitude(value, 0, rounding);
  if (integral.inexact && reportInexact) s.fpsr |= fpsr::kInexact;
  if (integral.magnitude == 0) return F::zero(value.negative);
  return round<F>(s, {value.negative, 125, integral.magnitude}, Rounding::kTowardsZero);
}

template <class To, class From>
typename To::Bits convert(CpuState& s, typename From::Bits bits, Rounding rounding) {
  if constexpr (To::kWidth != 16 && From::kWidth != 16) {
    constexpr bool kWidens = To::kWidth > From::kWidth;
    if (kWidens ? !(s.fpcr & fpcr::kFlushToZero) : hostMayRound(s) && rounding == Rounding::kNearestEven) {
      const auto result = To::fromHost(static_cast<typename To::Host>(From::toHost(bits)));
      if (isPlain<To>(result)) return result;
    }
  }
  const auto value = unpack<From>(s, bits);
  const bool alternativeHalf = To::kWidth == 16 && (s.fpcr & fpcr::kAlternativeHalf);
  if (value.isNan()) {
    if (value.kind == Kind::kSignallingNan || alternativeHalf) s.fpsr |= fpsr::kInvalidOperation;
    if (alternativeHalf) return To::zero(value.negative);
    if (s.fpcr & fpcr::kDefaultNan) return To::kDefaultNan;
    return convertNan<To, From>(bits);
  }
  if (value.isInfinity()) {
    if (!alternativeHalf) return To::infinity(value.negative);
    s.fpsr |= fpsr::kInvalidOperation;
    return static_cast<typename To::Bits>(To::signOf(value.negative) | (To::kSign - 1));
  }
  if (value.isZero()) return To::zero(value.negative);
  return round<To>(s, widen(value), rounding);
}

#define FOR_FORMAT(F)                                                            \
  template uint64_t exact::toFixed<F>(CpuState&, F::Bits, Fixed, Rounding);             \
  template F::Bits exact::fromFixed<F>(CpuState&, uint64_t, Fixed);                     \
  template F::Bits roundToIntegral<F>(CpuState&, F::Bits, Rounding, bool);
FOR_FORMAT(Single)
FOR_FORMAT(Double)
#undef FOR_FORMAT

template uint16_t convert<Half, Single>(CpuState&, uint32_t, Rounding);
template uint16_t convert<Half, Double>(CpuState&, uint64_t, Rounding);
template uint32_t convert<Single, Half>(CpuState&, uint16_t, Rounding);
template uint32_t convert<Single, Double>(CpuState&, uint64_t, Rounding);
template uint64_t convert<Double, Half>(CpuState&, uint16_t, Rounding);
template uint64_t convert<Double, Single>(CpuState&, uint32_t, Rounding);

}  // namespace cellvisor::machine::fpsimd
