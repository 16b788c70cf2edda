#pragma once

#include "format.h"

namespace cellvisor::machine::fpsimd {

/** Arm ARM VFPExpandImm: sign, three bits of exponent around 1.0, four of fraction. */
template <class F>
constexpr typename F::Bits expandImmediate(unsigned imm8) {
  const int exponent = static_cast<int>((imm8 >> 4) & 3) + ((imm8 & 0x40) ? -3 : 1);
  const auto field = static_cast<typename F::Bits>(exponent + F::kBias);
  return static_cast<typename F::Bits>(F::signOf((imm8 & 0x80) != 0) | (field << F::kFractionBits) |
                                       (static_cast<typename F::Bits>(imm8 & 15) << (F::kFractionBits - 4)));
}

}  // namespace cellvisor::machine::fpsimd
