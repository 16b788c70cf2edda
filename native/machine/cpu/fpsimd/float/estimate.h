#pragma once

#include "number.h"

namespace cellvisor::machine::fpsimd {

/** FRECPE: 8 bits of 1/a. */
template <class F>
typename F::Bits reciprocalEstimate(CpuState& s, typename F::Bits a);
/** FRSQRTE: 8 bits of 1/sqrt(a). */
template <class F>
typename F::Bits reciprocalRootEstimate(CpuState& s, typename F::Bits a);
/** FRECPS: 2 - a * b, fused. */
template <class F>
typename F::Bits reciprocalStep(CpuState& s, typename F::Bits a, typename F::Bits b);
/** FRSQRTS: (3 - a * b) / 2, fused. */
template <class F>
typename F::Bits reciprocalRootStep(CpuState& s, typename F::Bits a, typename F::Bits b);
/** FRECPX: a power of two near 1/a. */
template <class F>
typename F::Bits reciprocalExponent(CpuState& s, typename F::Bits a);

/** URECPE and URSQRTE, on fixed-point numbers in 0..1. */
uint32_t unsignedReciprocalEstimate(uint32_t a);
uint32_t unsignedReciprocalRootEstimate(uint32_t a);

}  // namespace cellvisor::machine::fpsimd
