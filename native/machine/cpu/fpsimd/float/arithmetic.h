#pragma once

#include <cmath>

#include "number.h"

namespace cellvisor::machine::fpsimd {

/**
 * IEEE 754 arithmetic with Arm's choices (NaN propagation, tininess before rounding, flush to zero) and exact FPSR bits.
 * The functions of namespace `exact` hold for all operands; the inline ones in front of them take the host's result when that
 * cannot differ.
 */
namespace exact {

template <class F>
typename F::Bits add(CpuState& s, typename F::Bits a, typename F::Bits b);
template <class F>
typename F::Bits multiply(CpuState& s, typename F::Bits a, typename F::Bits b);
template <class F>
typename F::Bits divide(CpuState& s, typename F::Bits a, typename F::Bits b);
template <class F>
typename F::Bits squareRoot(CpuState& s, typename F::Bits a);
template <class F>
typename F::Bits multiplyAdd(CpuState& s, typename F::Bits addend, typename F::Bits a, typename F::Bits b);
/** a - b. Not add(a, -b): a NaN in b keeps its sign. */
template <class F>
typename F::Bits subtract(CpuState& s, typename F::Bits a, typename F::Bits b);

template <class F>
typename F::Bits maximum(CpuState& s, typename F::Bits a, typename F::Bits b);
template <class F>
typename F::Bits minimum(CpuState& s, typename F::Bits a, typename F::Bits b);
/** FMAXNM, FMINNM: a quiet NaN loses against a number. */
template <class F>
typename F::Bits maximumNumber(CpuState& s, typename F::Bits a, typename F::Bits b);
template <class F>
typename F::Bits minimumNumber(CpuState& s, typename F::Bits a, typename F::Bits b);

}  // namespace exact

/** FMULX: as a multiplication, but zero times infinity is two. */
template <class F>
typename F::Bits multiplyExtended(CpuState& s, typename F::Bits a, typename F::Bits b);
/**
 * True when the host's rounding is ours and IXC is set already, so that nobody needs to know whether a result is exact.
 * Code that clears IXC pays for one exact operation.
 */
inline bool hostMayRound(const CpuState& s) {
  return (s.fpsr & fpsr::kInexact) && !(s.fpcr & (fpcr::kRoundingMode | fpcr::kFlushToZero));
}

/**
 * A result that is normal, and not among the smallest normal numbers, comes from finite operands (so no NaN rule applies)
 * and raised nothing but perhaps Inexact.
 */
template <class F>
bool isPlain(typename F::Bits result) {
  return F::exponentField(result) - 2u < F::kExponentMaximum - 2u;
}

template <class F>
typename F::Bits negate(typename F::Bits a) {
  return a ^ F::kSign;
}

template <class F>
typename F::Bits add(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (hostMayRound(s)) {
    const auto result = F::fromHost(F::toHost(a) + F::toHost(b));
    if (isPlain<F>(result)) return result;
  }
  return exact::add<F>(s, a, b);
}

template <class F>
typename F::Bits subtract(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (hostMayRound(s)) {
    const auto result = F::fromHost(F::toHost(a) - F::toHost(b));
    if (isPlain<F>(result)) return result;
  }
  return exact::subtract<F>(s, a, b);
}

template <class F>
typename F::Bits multiply(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (hostMayRound(s)) {
    const auto result = F::fromHost(F::toHost(a) * F::toHost(b));
    if (isPlain<F>(result)) return result;
  }
  return exact::multiply<F>(s, a, b);
}

template <class F>
typename F::Bits divide(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (hostMayRound(s)) {
    const auto result = F::fromHost(F::toHost(a) / F::toHost(b));
    if (isPlain<F>(result)) return result;
  }
  return exact::divide<F>(s, a, b);
}

template <class F>
typename F::Bits squareRoot(CpuState& s, typename F::Bits a) {
  if (hostMayRound(s)) {
    const auto result = F::fromHost(std::sqrt(F::toHost(a)));
    if (isPlain<F>(result)) return result;
  }
  return exact::squareRoot<F>(s, a);
}

/** addend + a * b, rounded once. */
template <class F>
typename F::Bits multiplyAdd(CpuState& s, typename F::Bits addend, typename F::Bits a, typename F::Bits b) {
  if (hostMayRound(s)) {
    const auto result = F::fromHost(std::fma(F::toHost(a), F::toHost(b), F::toHost(addend)));
    if (isPlain<F>(result)) return result;
  }
  return exact::multiplyAdd<F>(s, addend, a, b);
}

/** Neither zero nor denormal, infinity or NaN: compares as on the host, whatever FPCR says. */
template <class F>
bool isNormal(typename F::Bits a) {
  return F::exponentField(a) - 1u < F::kExponentMaximum - 1u;
}

template <class F>
typename F::Bits maximum(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (isNormal<F>(a) && isNormal<F>(b)) return F::toHost(a) > F::toHost(b) ? a : b;
  return exact::maximum<F>(s, a, b);
}

template <class F>
typename F::Bits minimum(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (isNormal<F>(a) && isNormal<F>(b)) return F::toHost(a) < F::toHost(b) ? a : b;
  return exact::minimum<F>(s, a, b);
}

template <class F>
typename F::Bits maximumNumber(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (isNormal<F>(a) && isNormal<F>(b)) return F::toHost(a) > F::toHost(b) ? a : b;
  return exact::maximumNumber<F>(s, a, b);
}

template <class F>
typename F::Bits minimumNumber(CpuState& s, typename F::Bits a, typename F::Bits b) {
  if (isNormal<F>(a) && isNormal<F>(b)) return F::toHost(a) < F::toHost(b) ? a : b;
  return exact::minimumNumber<F>(s, a, b);
}

}  // namespace cellvisor::machine::fpsimd
