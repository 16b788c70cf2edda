#pragma once

#include "arithmetic.h"
#include "number.h"

namespace cellvisor::machine::fpsimd {

/** What an integer or fixed-point number looks like. */
struct Fixed {
  unsigned widthBits;
  bool isSigned;
  unsigned fractionBits = 0;
};

namespace exact {

/** Arm ARM FPToFixed: out of range saturates with IOC, a NaN gives 0 with IOC. The result is in the low `widthBits`. */
template <class F>
uint64_t toFixed(CpuState& s, typename F::Bits bits, Fixed target, Rounding rounding);

/** Arm ARM FixedToFP: `value` is in the low `widthBits`. */
template <class F>
typename F::Bits fromFixed(CpuState& s, uint64_t value, Fixed source);

}  // namespace exact

template <class F>
uint64_t toFixed(CpuState& s, typename F::Bits bits, Fixed target, Rounding rounding) {
  if (rounding == Rounding::kTowardsZero && target.fractionBits == 0 && !(s.fpcr & fpcr::kFlushToZero)) {
    constexpr typename F::Host kLimits[2] = {0x1p31f, 0x1p63f};
    const auto value = F::toHost(bits), limit = kLimits[target.widthBits == 64];
    if (value < limit && value >= (target.isSigned ? -limit : 0)) {
      const auto integer = static_cast<int64_t>(value);
      if (static_cast<typename F::Host>(integer) != value) s.fpsr |= fpsr::kInexact;
      return target.widthBits == 64 ? static_cast<uint64_t>(integer) : static_cast<uint32_t>(integer);
    }
  }
  return exact::toFixed<F>(s, bits, target, rounding);
}

template <class F>
typename F::Bits fromFixed(CpuState& s, uint64_t value, Fixed source) {
  const bool fitsSigned = source.isSigned || source.widthBits == 32 || !(value >> 63);
  if (source.fractionBits == 0 && fitsSigned) {
    constexpr int64_t kExact = int64_t{1} << F::kFractionBits;
    const int64_t integer = source.widthBits == 64 ? static_cast<int64_t>(value)
                            : source.isSigned      ? static_cast<int32_t>(value)
                                                   : static_cast<int64_t>(static_cast<uint32_t>(value));
    if ((integer <= kExact && integer >= -kExact) || hostMayRound(s)) {
      return F::fromHost(static_cast<typename F::Host>(integer));
    }
  }
  return exact::fromFixed<F>(s, value, source);
}

/** Arm ARM FPRoundInt (FRINT*). `reportInexact` is FRINTX's. */
template <class F>
typename F::Bits roundToIntegral(CpuState& s, typename F::Bits bits, Rounding rounding, bool reportInexact);

/** Arm ARM FPConvert between formats. */
template <class To, class From>
typename To::Bits convert(CpuState& s, typename From::Bits bits, Rounding rounding);

}  // namespace cellvisor::machine::fpsimd
