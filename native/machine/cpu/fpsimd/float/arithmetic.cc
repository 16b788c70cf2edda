#include "arithmetic.h"

#include "round.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** The sum of two operands that are not NaNs. `b` may have had its sign flipped. */
template <class F>
typename F::Bits addNumbers(CpuState& s, const Number& a, const Number& b) {
  if (a.isInfinity() && b.isInfinity() && a.negative != b.negative) return invalidOperation<F>(s);
  if (a.isInfinity()) return F::infinity(a.negative);
  if (b.isInfinity()) return F::infinity(b.negative);
  if (a.isZero() && b.isZero() && a.negative == b.negative) return F::zero(a.negative);
  return roundSum<F>(s, sum(widen(a), widen(b)));
}

/** sqrt(radicand) as an integer, bit 0 sticky. The radicand has its leading bit at 126 or 127. */
uint64_t integerRoot(Wide radicand) {
  uint64_t root = 0;
  Wide remainder = 0;
  for (int step = 0; step < 64; ++step) {
    // Two more bits of the radicand, one more of the root: (2 root + 1)^2 extends the square by 4 root + 1.
    remainder = (remainder << 2) | (radicand >> 126);
    radicand <<= 2;
    const Wide trial = (static_cast<Wide>(root) << 2) | 1;
    root <<= 1;
    if (remainder >= trial) {
      remainder -= trial;
      root |= 1;
    }
  }
  return root | static_cast<uint64_t>(remainder != 0);
}

enum class Pick { kLarger, kSmaller };

template <class F>
typename F::Bits choose(CpuState& s, typename F::Bits aBits, typename F::Bits bBits, Pick pick) {
  const auto a = unpack<F>(s, aBits), b = unpack<F>(s, bBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a, b)) return result;
  if (a.isZero() && b.isZero()) {
    // Plus zero is larger than minus zero here.
    return F::zero(pick == Pick::kLarger ? a.negative && b.negative : a.negative || b.negative);
  }
  // The encodings order like sign and magnitude; a flushed denormal counts as the zero it became.
  const auto ordered = [](const Operand<F>& x) {
    const auto magnitude = static_cast<__int128>(x.isZero() ? 0 : x.bits & ~F::kSign);
    return x.negative ? -magnitude : magnitude;
  };
  const bool aLarger = ordered(a) > ordered(b);
  const auto& chosen = aLarger == (pick == Pick::kLarger) ? a : b;
  return chosen.isZero() ? F::zero(chosen.negative) : chosen.bits;
}

template <class F>
typename F::Bits chooseNumber(CpuState& s, typename F::Bits a, typename F::Bits b, Pick pick) {
  const auto isQuietNan = [](typename F::Bits x) { return F::isNan(x) && (x & F::kQuiet); };
  const auto loser = F::infinity(pick == Pick::kLarger);
  if (isQuietNan(a) && !isQuietNan(b)) a = loser;
  else if (!isQuietNan(a) && isQuietNan(b)) b = loser;
  return choose<F>(s, a, b, pick);
}

template <class F>
typename F::Bits product(CpuState& s, typename F::Bits aBits, typename F::Bits bBits, bool extended) {
  const auto a = unpack<F>(s, aBits), b = unpack<F>(s, bBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a, b)) return result;
  const bool negative = a.negative != b.negative;
  if ((a.isInfinity() && b.isZero()) || (a.isZero() && b.isInfinity())) {
    constexpr auto kTwo = static_cast<typename F::Bits>(F::kOne + (typename F::Bits{1} << F::kFractionBits));
    return extended ? static_cast<typename F::Bits>(F::signOf(negative) | kTwo) : invalidOperation<F>(s);
  }
  if (a.isInfinity() || b.isInfinity()) return F::infinity(negative);
  if (a.isZero() || b.isZero()) return F::zero(negative);
  return round<F>(s, product(a, b), currentRounding(s));
}

}  // namespace

template <class F>
typename F::Bits exact::add(CpuState& s, typename F::Bits aBits, typename F::Bits bBits) {
  const auto a = unpack<F>(s, aBits), b = unpack<F>(s, bBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a, b)) return result;
  return addNumbers<F>(s, a, b);
}

template <class F>
typename F::Bits exact::subtract(CpuState& s, typename F::Bits aBits, typename F::Bits bBits) {
  const auto a = unpack<F>(s, aBits);
  auto b = unpack<F>(s, bBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a, b)) return result;
  b.negative = !b.negative;
  return addNumbers<F>(s, a, b);
}

template <class F>
typename F::Bits exact::multiply(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return product<F>(s, a, b, false);
}

template <class F>
typename F::Bits multiplyExtended(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return product<F>(s, a, b, true);
}

template <class F>
typename F::Bits exact::divide(CpuState& s, typename F::Bits aBits, typename F::Bits bBits) {
  const auto a = unpack<F>(s, aBits), b = unpack<F>(s, bBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a, b)) return result;
  const bool negative = a.negative != b.negative;
  if ((a.isInfinity() && b.isInfinity()) || (a.isZero() && b.isZero())) return invalidOperation<F>(s);
  if (a.isInfinity()) return F::infinity(negative);
  if (b.isZero()) {
    s.fpsr |= fpsr::kDivideByZero;
    return F::infinity(negative);
  }
  if (a.isZero() || b.isInfinity()) return F::zero(negative);
  const Wide dividend = static_cast<Wide>(a.significand) << 63;
  const Wide quotient = dividend / b.significand;
  const bool inexact = quotient * b.significand != dividend;
  return round<F>(s, {negative, a.exponent - b.exponent + 125 - 63, quotient | static_cast<Wide>(inexact)}, currentRounding(s));
}

template <class F>
typename F::Bits exact::squareRoot(CpuState& s, typename F::Bits aBits) {
  const auto a = unpack<F>(s, aBits);
  typename F::Bits result;
  if (propagateNan<F>(s, result, a)) return result;
  if (a.isZero()) return F::zero(a.negative);
  if (a.negative) return invalidOperation<F>(s);
  if (a.isInfinity()) return F::infinity(false);
  const bool oddExponent = a.exponent & 1;
  const uint64_t root = integerRoot(static_cast<Wide>(a.significand) << (oddExponent ? 64 : 63));
  const int exponent = (a.exponent - oddExponent) / 2;
  return round<F>(s, {false, exponent + 125 - 63, root}, currentRounding(s));
}

template <class F>
typename F::Bits exact::multiplyAdd(CpuState& s, typename F::Bits addendBits, typename F::Bits aBits, typename F::Bits bBits) {
  const auto addend = unpack<F>(s, addendBits), a = unpack<F>(s, aBits), b = unpack<F>(s, bBits);
  const bool infinityTimesZero = (a.isInfinity() && b.isZero()) || (a.isZero() && b.isInfinity());
  // A quiet addend does not hide the invalid product.
  if (addend.kind == Kind::kQuietNan && infinityTimesZero) return invalidOperation<F>(s);
  typename F::Bits result;
  if (propagateNan<F>(s, result, addend, a, b)) return result;
  const bool negative = a.negative != b.negative;
  const bool infiniteProduct = a.isInfinity() || b.isInfinity();
  if (infinityTimesZero || (addend.isInfinity() && infiniteProduct && addend.negative != negative)) return invalidOperation<F>(s);
  if (addend.isInfinity()) return F::infinity(addend.negative);
  if (infiniteProduct) return F::infinity(negative);
  if (addend.isZero() && (a.isZero() || b.isZero()) && addend.negative == negative) return F::zero(negative);
  return roundSum<F>(s, sum(widen(addend), product(a, b)));
}

template <class F>
typename F::Bits exact::maximum(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return choose<F>(s, a, b, Pick::kLarger);
}
template <class F>
typename F::Bits exact::minimum(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return choose<F>(s, a, b, Pick::kSmaller);
}
template <class F>
typename F::Bits exact::maximumNumber(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return chooseNumber<F>(s, a, b, Pick::kLarger);
}
template <class F>
typename F::Bits exact::minimumNumber(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return chooseNumber<F>(s, a, b, Pick::kSmaller);
}

#define FOR_FORMAT(F)                                                                           \
  template F::Bits exact::add<F>(CpuState&, F::Bits, F::Bits);                                  \
  template F::Bits exact::subtract<F>(CpuState&, F::Bits, F::Bits);                             \
  template F::Bits exact::multiply<F>(CpuState&, F::Bits, F::Bits);                             \
  template F::Bits exact::divide<F>(CpuState&, F::Bits, F::Bits);                               \
  template F::Bits exact::squareRoot<F>(CpuState&, F::Bits);                                    \
  template F::Bits exact::multiplyAdd<F>(CpuState&, F::Bits, F::Bits, F::Bits);                 \
  template F::Bits multiplyExtended<F>(CpuState&, F::Bits, F::Bits);                            \
  template F::Bits exact::maximum<F>(CpuState&, F::Bits, F::Bits);                                     \
  template F::Bits exact::minimum<F>(CpuState&, F::Bits, F::Bits);                                     \
  template F::Bits exact::maximumNumber<F>(CpuState&, F::Bits, F::Bits);                               \
  template F::Bits exact::minimumNumber<F>(CpuState&, F::Bits, F::Bits);
FOR_FORMAT(Single)
FOR_FORMAT(Double)
#undef FOR_FORMAT

}  // namespace cellvisor::machine::fpsimd
