#include "estimate.h"

#include "arithmetic.h"
#include "round.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** Arm ARM RecipEstimate: 256 <= a < 512 stands for 0.5 <= a/512 < 1; the result for 1 <= r/256 < 2. */
unsigned reciprocalTable(unsigned a) { return ((1u << 19) / (2 * a + 1) + 1) / 2; }

/** Arm ARM RecipSqrtEstimate: 128 <= a < 512 stands for 0.25 <= a/512 < 1; the result for 1 <= r/256 < 2. */
unsigned reciprocalRootTable(unsigned a) {
  const unsigned centre = a < 256 ? 2 * a + 1 : ((a & ~1u) + 1) * 2;
  unsigned b = 512;
  while (uint64_t{centre} * (b + 1) * (b + 1) < (1u << 28)) ++b;
  return (b + 1) / 2;
}

/** (addend - a * b) * 2^scale with NaNs, infinities and zeros as FPRecipStepFused and FPRSqrtStepFused have them. */
template <class F>
typename F::Bits step(CpuState& s, typename F::Bits aBits, typename F::Bits bBits, unsigned addend, int scale) {
  const auto a = unpack<F>(s, negate<F>(aBits)), b = unpack<F>(s, bBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a, b)) return result;
  if ((a.isInfinity() && b.isZero()) || (a.isZero() && b.isInfinity())) {
    return round<F>(s, {false, 125 + scale, addend}, Rounding::kNearestEven);
  }
  const bool negative = a.negative != b.negative;
  if (a.isInfinity() || b.isInfinity()) return F::infinity(negative);
  const Exact constant{false, 1, static_cast<Wide>(addend) << 124};
  Exact total = sum(constant, product(a, b));
  total.exponent += scale;
  return roundSum<F>(s, total);
}

}  // namespace

template <class F>
typename F::Bits reciprocalEstimate(CpuState& s, typename F::Bits bits) {
  const auto a = unpack<F>(s, bits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a)) return result;
  if (a.isInfinity()) return F::zero(a.negative);
  if (a.isZero()) {
    s.fpsr |= fpsr::kDivideByZero;
    return F::infinity(a.negative);
  }
  if (a.exponent < -F::kBias - 1) {
    // Too small to have a reciprocal: rounds like an overflow.
    return round<F>(s, {a.negative, F::kBias + 1, static_cast<Wide>(1) << 125}, currentRounding(s));
  }
  if ((s.fpcr & fpcr::kFlushToZero) && a.exponent >= F::kBias - 1) {
    s.fpsr |= fpsr::kUnderflow;
    return F::zero(a.negative);
  }
  // Nine bits 1.xxxxxxxx of the input; the estimate is 1.xxxxxxxx * 2^-(exponent + 1), perhaps denormal. Never inexact.
  const unsigned estimate = reciprocalTable(static_cast<unsigned>(a.significand >> 55));
  auto fraction = static_cast<uint64_t>(estimate & 0xff) << (F::kFractionBits - 8);
  int exponentField = F::kBias - 1 - a.exponent;
  if (exponentField <= 0) {
    fraction = (fraction | (uint64_t{1} << F::kFractionBits)) >> (1 - exponentField);
    exponentField = 0;
  }
  const uint64_t magnitude = static_cast<uint64_t>(exponentField) << F::kFractionBits | fraction;
  return static_cast<typename F::Bits>(F::signOf(a.negative) | magnitude);
}

template <class F>
typename F::Bits reciprocalRootEstimate(CpuState& s, typename F::Bits bits) {
  const auto a = unpack<F>(s, bits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a)) return result;
  if (a.isZero()) {
    s.fpsr |= fpsr::kDivideByZero;
    return F::infinity(a.negative);
  }
  if (a.negative) return invalidOperation<F>(s);
  if (a.isInfinity()) return F::zero(false);
  // The input is m * 4^k with 0.25 <= m < 1, so the result is 1/sqrt(m) * 2^-k.
  const bool oddExponent = a.exponent & 1;
  const unsigned scaled = static_cast<unsigned>(a.significand >> (oddExponent ? 55 : 56));
  const int k = (a.exponent + (oddExponent ? 1 : 2)) / 2;
  const auto fraction = static_cast<uint64_t>(reciprocalRootTable(scaled) & 0xff) << (F::kFractionBits - 8);
  return static_cast<typename F::Bits>((static_cast<uint64_t>(F::kBias - k) << F::kFractionBits) | fraction);
}

template <class F>
typename F::Bits reciprocalStep(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return step<F>(s, a, b, 2, 0);
}

template <class F>
typename F::Bits reciprocalRootStep(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return step<F>(s, a, b, 3, -1);
}

template <class F>
typename F::Bits reciprocalExponent(CpuState& s, typename F::Bits bits) {
  const auto a = unpack<F>(s, bits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a)) return result;
  const unsigned field = F::exponentField(bits);
  const unsigned inverted = field == 0 ? F::kExponentMaximum - 1 : ~field & F::kExponentMaximum;
  return static_cast<typename F::Bits>((bits & F::kSign) | (static_cast<typename F::Bits>(inverted) << F::kFractionBits));
}

uint32_t unsignedReciprocalEstimate(uint32_t a) {
  if (!(a >> 31)) return 0xffffffff;
  return reciprocalTable(a >> 23) << 23;
}

uint32_t unsignedReciprocalRootEstimate(uint32_t a) {
  if (!(a >> 30)) return 0xffffffff;
  return reciprocalRootTable(a >> 23) << 23;
}

#define FOR_FORMAT(F)                                                       \
  template F::Bits reciprocalEstimate<F>(CpuState&, F::Bits);               \
  template F::Bits reciprocalRootEstimate<F>(CpuState&, F::Bits);           \
  template F::Bits reciprocalStep<F>(CpuState&, F::Bits, F::Bits);          \
  template F::Bits reciprocalRootStep<F>(CpuState&, F::Bits, F::Bits);      \
  template F::Bits reciprocalExponent<F>(CpuState&, F::Bits);
FOR_FORMAT(Single)
FOR_FORMAT(Double)
#undef FOR_FORMAT

}  // namespace cellvisor::machine::fpsimd
