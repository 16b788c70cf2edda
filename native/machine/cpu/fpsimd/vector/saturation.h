#pragma once

#include <limits>

#include "../float/format.h"
#include "../lanes.h"

namespace cellvisor::machine::fpsimd {

/** Brings `value` into T's range; FPSR.QC notes that it had to. */
template <class T, class W>
T saturate(CpuState& s, W value) {
  constexpr T kLow = std::numeric_limits<T>::min(), kHigh = std::numeric_limits<T>::max();
  // Not std::is_signed, which strict ISO mode does not extend to __int128.
  if constexpr (W(-1) < W(0)) {
    if (value < static_cast<W>(kLow)) {
      s.fpsr |= fpsr::kSaturated;
      return kLow;
    }
  }
  if (value > static_cast<W>(kHigh)) {
    s.fpsr |= fpsr::kSaturated;
    return kHigh;
  }
  return static_cast<T>(value);
}

/** n + m where the sum saturates towards m's side of the range. */
template <class T>
T addSaturating(CpuState& s, T n, T m) {
  T result;
  if (__builtin_add_overflow(n, m, &result)) {
    s.fpsr |= fpsr::kSaturated;
    return m < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
  }
  return result;
}

template <class T>
T subtractSaturating(CpuState& s, T n, T m) {
  T result;
  if (__builtin_sub_overflow(n, m, &result)) {
    s.fpsr |= fpsr::kSaturated;
    return std::is_signed_v<T> && m < 0 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
  }
  return result;
}

/** 2 * n * m in the wide type W, saturated: only the most negative number squared is too large. */
template <class W>
W doubleProduct(CpuState& s, W n, W m) {
  const W product = n * m;
  return addSaturating<W>(s, product, product);
}

}  // namespace cellvisor::machine::fpsimd
