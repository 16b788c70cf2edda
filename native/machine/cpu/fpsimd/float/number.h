#pragma once

#include "format.h"

namespace cellvisor::machine::fpsimd {

enum class Kind : uint8_t { kZero, kFinite, kInfinity, kQuietNan, kSignallingNan };

/** A value taken apart. When finite it is significand * 2^(exponent - 63), bit 63 of the significand set. */
struct Number {
  Kind kind = Kind::kZero;
  bool negative = false;
  int exponent = 0;
  uint64_t significand = 0;

  bool isNan() const { return kind >= Kind::kQuietNan; }
  bool isZero() const { return kind == Kind::kZero; }
  bool isInfinity() const { return kind == Kind::kInfinity; }
  bool isFinite() const { return kind == Kind::kFinite; }
};

/** A number that still knows its encoding, which NaN propagation needs. */
template <class F>
struct Operand : Number {
  typename F::Bits bits = 0;
};

/**
 * Arm ARM FPUnpack: a denormal input becomes zero under FPCR.FZ and sets IDC, except in half precision, which FZ does not
 * touch. Under FPCR.AHP a half has neither infinities nor NaNs.
 */
template <class F>
Operand<F> unpack(CpuState& s, typename F::Bits bits) {
  constexpr bool kIsHalf = F::kWidth == 16;
  Operand<F> result;
  result.bits = bits;
  result.negative = (bits & F::kSign) != 0;
  const unsigned exponent = F::exponentField(bits);
  const uint64_t fraction = bits & F::kFractionMask;
  if (exponent == F::kExponentMaximum && !(kIsHalf && (s.fpcr & fpcr::kAlternativeHalf))) {
    if (fraction == 0) result.kind = Kind::kInfinity;
    else result.kind = (bits & F::kQuiet) ? Kind::kQuietNan : Kind::kSignallingNan;
  } else if (exponent != 0) {
    result.kind = Kind::kFinite;
    result.exponent = static_cast<int>(exponent) - F::kBias;
    result.significand = ((uint64_t{1} << F::kFractionBits) | fraction) << (63 - F::kFractionBits);
  } else if (fraction != 0) {
    if (!kIsHalf && (s.fpcr & fpcr::kFlushToZero)) {
      s.fpsr |= fpsr::kInputDenormal;
    } else {
      const int shift = __builtin_clzll(fraction);
      result.kind = Kind::kFinite;
      result.significand = fraction << shift;
      result.exponent = F::kMinimumExponent - static_cast<int>(F::kFractionBits) + 63 - shift;
    }
  }
  return result;
}

/** Arm ARM FPProcessNaN: a signalling NaN raises Invalid Operation and becomes quiet; FPCR.DN replaces any NaN. */
template <class F>
typename F::Bits quietNan(CpuState& s, typename F::Bits nan) {
  if (!(nan & F::kQuiet)) s.fpsr |= fpsr::kInvalidOperation;
  if (s.fpcr & fpcr::kDefaultNan) return F::kDefaultNan;
  return static_cast<typename F::Bits>(nan | F::kQuiet);
}

/**
 * Arm ARM FPProcessNaNs and FPProcessNaNs3: the first signalling operand wins, then the first quiet one.
 * Returns false if no operand is a NaN.
 */
template <class F, class... Operands>
bool propagateNan(CpuState& s, typename F::Bits& result, const Operands&... operands) {
  const Operand<F>* const all[] = {&operands...};
  for (const Kind kind : {Kind::kSignallingNan, Kind::kQuietNan}) {
    for (const Operand<F>* operand : all) {
      if (operand->kind == kind) {
        result = quietNan<F>(s, operand->bits);
        return true;
      }
    }
  }
  return false;
}

template <class F>
typename F::Bits invalidOperation(CpuState& s) {
  s.fpsr |= fpsr::kInvalidOperation;
  return F::kDefaultNan;
}

}  // namespace cellvisor::machine::fpsimd
