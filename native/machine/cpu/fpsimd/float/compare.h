#pragma once

#include "number.h"

namespace cellvisor::machine::fpsimd {

/** Outcome of a comparison as the NZCV bits 31..28 that FCMP sets. */
enum class Comparison : uint32_t { kEqual = 0x60000000, kLess = 0x80000000, kGreater = 0x20000000, kUnordered = 0x30000000 };

/** Arm ARM FPCompare. A signalling NaN is an invalid operation; a quiet one too if `quietNanSignals`. */
template <class F>
Comparison compare(CpuState& s, typename F::Bits a, typename F::Bits b, bool quietNanSignals) {
  if (F::isNan(a) || F::isNan(b)) {
    // Denormals of the other operand are still noticed.
    const auto left = unpack<F>(s, a), right = unpack<F>(s, b);
    if (quietNanSignals || left.kind == Kind::kSignallingNan || right.kind == Kind::kSignallingNan) {
      s.fpsr |= fpsr::kInvalidOperation;
    }
    return Comparison::kUnordered;
  }
  if (s.fpcr & fpcr::kFlushToZero) {
    if (unpack<F>(s, a).isZero()) a = F::zero(false);
    if (unpack<F>(s, b).isZero()) b = F::zero(false);
  }
  const auto left = F::toHost(a), right = F::toHost(b);
  return left == right ? Comparison::kEqual : left < right ? Comparison::kLess : Comparison::kGreater;
}

template <class F>
bool isEqual(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return compare<F>(s, a, b, false) == Comparison::kEqual;
}
template <class F>
bool isGreater(CpuState& s, typename F::Bits a, typename F::Bits b) {
  return compare<F>(s, a, b, true) == Comparison::kGreater;
}
template <class F>
bool isGreaterOrEqual(CpuState& s, typename F::Bits a, typename F::Bits b) {
  const Comparison outcome = compare<F>(s, a, b, true);
  return outcome == Comparison::kGreater || outcome == Comparison::kEqual;
}

}  // namespace cellvisor::machine::fpsimd
