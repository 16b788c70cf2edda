#pragma once

#include "number.h"

namespace cellvisor::machine::fpsimd {

/**
 * An intermediate result: significand * 2^(exponent - 125). Fresh from widen() or product() bit 125 is set, which leaves
 * room for a carry. Bit 0 is sticky: it stands for all that was shifted out below it. 106 bits of a double product and
 * sticky alignment fit, so sums and fused multiply-adds round exactly once.
 */
struct Exact {
  bool negative = false;
  int exponent = 0;
  Wide significand = 0;
};

constexpr Wide shiftRightSticky(Wide value, unsigned amount) {
  if (amount == 0) return value;
  if (amount >= 128) return value != 0;
  return (value >> amount) | static_cast<Wide>((value << (128 - amount)) != 0);
}

constexpr Exact widen(const Number& n) {
  // A zero takes an exponent below all others, so that alignment leaves the other operand alone.
  if (n.significand == 0) return {n.negative, -100000, 0};
  return {n.negative, n.exponent, static_cast<Wide>(n.significand) << 62};
}

/** The product of two finite numbers; nothing is lost, the low 22 bits of the 128 are zero. */
constexpr Exact product(const Number& a, const Number& b) {
  if (a.significand == 0 || b.significand == 0) return {a.negative != b.negative, -100000, 0};
  const Wide significand = static_cast<Wide>(a.significand) * b.significand;
  const bool carry = (significand >> 127) != 0;
  return {a.negative != b.negative, a.exponent + b.exponent + carry, significand >> (carry ? 2 : 1)};
}

constexpr Exact sum(Exact a, Exact b) {
  if (a.exponent < b.exponent) {
    const Exact swap = a;
    a = b;
    b = swap;
  }
  const Wide aligned = shiftRightSticky(b.significand, static_cast<unsigned>(a.exponent - b.exponent));
  if (a.negative == b.negative) return {a.negative, a.exponent, a.significand + aligned};
  if (a.significand >= aligned) return {a.negative, a.exponent, a.significand - aligned};
  return {b.negative, a.exponent, aligned - a.significand};
}

/**
 * Whether to add one unit in the last place. `error` is what is cut off: 0 nothing, 1 less than half, 2 half, 3 more.
 */
constexpr bool roundsUp(Rounding rounding, bool negative, bool isOdd, unsigned error) {
  switch (rounding) {
    case Rounding::kNearestEven: return error == 3 || (error == 2 && isOdd);
    case Rounding::kNearestAway: return error >= 2;
    case Rounding::kTowardsPlus: return error != 0 && !negative;
    case Rounding::kTowardsMinus: return error != 0 && negative;
    case Rounding::kTowardsZero: return false;
    case Rounding::kOdd: return error != 0 && !isOdd;
  }
  return false;
}

/** Arm ARM FPRound for a value that is not zero: tininess before rounding, flush by FPCR.FZ, AHP halves saturate. */
template <class F>
typename F::Bits round(CpuState& s, const Exact& value, Rounding rounding);

/** Rounds a sum that may be exactly zero: then the sign is minus only when rounding towards minus infinity. */
template <class F>
typename F::Bits roundSum(CpuState& s, const Exact& value) {
  const Rounding rounding = currentRounding(s);
  if (value.significand == 0) return F::zero(rounding == Rounding::kTowardsMinus);
  return round<F>(s, value, rounding);
}

}  // namespace cellvisor::machine::fpsimd
