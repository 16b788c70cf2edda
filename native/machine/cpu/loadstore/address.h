#pragma once

#include <cstdint>

#include "../cpu.h"
#include "handlers.h"

namespace cellvisor::machine::loadstore {

template <Mode kMode>
inline uint64_t addressOf(const CpuState& state, const Op* op) {
  const uint64_t base = state.x[op->rn];
  switch (kMode) {
    case Mode::kPostIndex: return base;
    case Mode::kRegister: return base + (state.x[op->rm] << op->ra);
    case Mode::kRegisterUxtw: return base + (uint64_t{static_cast<uint32_t>(state.x[op->rm])} << op->ra);
    case Mode::kRegisterSxtw:
      return base + (static_cast<uint64_t>(int64_t{static_cast<int32_t>(state.x[op->rm])}) << op->ra);
    default: return base + op->imm;
  }
}

/** After the access, so that an abort leaves the base alone. A loaded register that is also the base loses. */
template <Mode kMode>
inline void writeBack(CpuState& state, const Op* op, uint64_t address) {
  if constexpr (kMode == Mode::kPreIndex) state.x[op->rn] = address;
  if constexpr (kMode == Mode::kPostIndex) state.x[op->rn] = address + op->imm;
}

}  // namespace cellvisor::machine::loadstore
