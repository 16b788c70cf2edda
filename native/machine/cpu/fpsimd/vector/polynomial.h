#pragma once

#include "../float/format.h"

namespace cellvisor::machine::fpsimd {

/** The product of two polynomials over GF(2): multiplication without carries. */
inline Wide carrylessProduct(uint64_t n, uint64_t m) {
  Wide result = 0;
  for (Wide shifted = n; m != 0; m >>= 1, shifted <<= 1) {
    if (m & 1) result ^= shifted;
  }
  return result;
}

}  // namespace cellvisor::machine::fpsimd
