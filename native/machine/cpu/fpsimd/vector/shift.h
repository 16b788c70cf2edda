#pragma once

#include "saturation.h"

namespace cellvisor::machine::fpsimd {

__extension__ typedef __int128 SignedWide;

/** n >> amount, amount 1..128 or more, with half of the last place added first if kRound. */
template <bool kRound, class T>
T shiftRight(T n, unsigned amount) {
  constexpr unsigned kWidth = 8 * sizeof(T);
  if constexpr (kRound) {
    using W = std::conditional_t<std::is_signed_v<T>, SignedWide, Wide>;
    // From kWidth + 1 on the result stays 0.
    if (amount > kWidth + 1) amount = kWidth + 1;
    return static_cast<T>((static_cast<W>(n) + (static_cast<W>(1) << (amount - 1))) >> amount);
  } else {
    if (amount >= kWidth) return static_cast<T>(n < 0 ? -1 : 0);
    return static_cast<T>(n >> amount);
  }
}

/** n << amount in the target type; with kSaturate a value that does not fit becomes the nearest that does. */
template <class Target, bool kSaturate, class T>
Target shiftLeft(CpuState& s, T n, unsigned amount) {
  constexpr unsigned kWidth = 8 * sizeof(T);
  using Unsigned = std::make_unsigned_t<T>;
  if constexpr (kSaturate) {
    if (n == 0) return 0;
    if (n < 0 && std::is_unsigned_v<Target>) {
      s.fpsr |= fpsr::kSaturated;
      return 0;
    }
    const auto shifted = amount < kWidth ? static_cast<Target>(static_cast<Modular<T>>(n) << amount) : Target{0};
    if (amount < kWidth && static_cast<T>(static_cast<Target>(shifted >> amount)) == n) return shifted;
    s.fpsr |= fpsr::kSaturated;
    return n < 0 ? std::numeric_limits<Target>::min() : std::numeric_limits<Target>::max();
  } else {
    return amount < kWidth ? static_cast<Target>(static_cast<Unsigned>(static_cast<Modular<T>>(n) << amount)) : Target{0};
  }
}

/** SSHL and its family: the low byte of m is a signed amount, negative to the right. */
template <bool kRound, bool kSaturate>
struct ShiftByRegister {
  template <class T>
  static T lane(CpuState& s, T, T n, T m) {
    const auto amount = static_cast<int8_t>(m);
    if (amount < 0) return shiftRight<kRound>(n, static_cast<unsigned>(-amount));
    return shiftLeft<T, kSaturate>(s, n, static_cast<unsigned>(amount));
  }
};

}  // namespace cellvisor::machine::fpsimd
