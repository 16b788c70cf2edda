#pragma once

#include "number.h"

namespace cellvisor::machine::fpsimd {

/** What an integer or fixed-point number looks like. */
struct Fixed {
  unsigned widthBits;
  bool isSigned;
  unsigned fractionBits = 0;
};

/** Arm ARM FPToFixed: out of range saturates with IOC, a NaN gives 0 with IOC. The result is in the low `widthBits`. */
template <class F>
uint64_t toFixed(CpuState& s, typename F::Bits bits, Fixed target, Rounding rounding);

/** Arm ARM FixedToFP: `value` is in the low `widthBits`. */
template <class F>
typename F::Bits fromFixed(CpuState& s, uint64_t value, Fixed source);

/** Arm ARM FPRoundInt (FRINT*). `reportInexact` is FRINTX's. */
template <class F>
typename F::Bits roundToIntegral(CpuState& s, typename F::Bits bits, Rounding rounding, bool reportInexact);

/** Arm ARM FPConvert between formats. */
template <class To, class From>
typename To::Bits convert(CpuState& s, typename From::Bits bits, Rounding rounding);

}  // namespace cellvisor::machine::fpsimd
