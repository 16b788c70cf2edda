#pragma once

#include <cstdint>

#include "../state.h"

namespace cellvisor::machine::integer {

template <class W>
inline constexpr unsigned kWidth = sizeof(W) * 8;

template <class W>
inline uint32_t topHalf(W value) {
  return static_cast<uint32_t>(value >> (kWidth<W> - 32));
}

template <class W>
inline void setSignAndZero(CpuState& state, W result) {
  state.flagN = topHalf(result);
  state.flagNotZ = result != 0;
}

template <class W>
inline void setAddFlags(CpuState& state, W a, W b, W result, bool carry) {
  setSignAndZero(state, result);
  state.flagC = carry;
  state.flagV = topHalf(static_cast<W>((a ^ result) & (b ^ result)));
}

/** Flags of a + b. */
template <class W>
inline W addSettingFlags(CpuState& state, W a, W b) {
  const W result = a + b;
  setAddFlags(state, a, b, result, result < a);
  return result;
}

/** Flags of a - b, which are those of a + ~b + 1. */
template <class W>
inline W subtractSettingFlags(CpuState& state, W a, W b) {
  const W result = a - b;
  setAddFlags(state, a, static_cast<W>(~b), result, a >= b);
  return result;
}

/** CpuState::holds with the condition known when compiling. */
template <unsigned kCondition>
inline bool holds(const CpuState& state) {
  const uint32_t signs = state.flagN ^ state.flagV;
  bool result = true;
  switch (kCondition >> 1) {
    case 0: result = state.flagNotZ == 0; break;
    case 1: result = state.flagC != 0; break;
    case 2: result = state.flagN >> 31; break;
    case 3: result = state.flagV >> 31; break;
    case 4: result = state.flagC != 0 && state.flagNotZ != 0; break;
    case 5: result = !(signs >> 31); break;
    case 6: result = !(signs >> 31) && state.flagNotZ != 0; break;
    default: return true;
  }
  return (kCondition & 1) ? !result : result;
}

}  // namespace cellvisor::machine::integer
