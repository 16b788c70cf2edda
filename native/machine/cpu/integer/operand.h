#pragma once

#include <cstdint>

#include "../cpu.h"
#include "handlers.h"

namespace cellvisor::machine::integer {

template <class W>
using Signed = std::make_signed_t<W>;

template <class W>
inline W rotateRight(W value, unsigned amount) {
  constexpr unsigned kBits = sizeof(W) * 8;
  return static_cast<W>(value >> (amount % kBits) | value << ((kBits - amount) % kBits));
}

/** The second operand of an instruction whose form is known when compiling. */
template <class W, Operand kOperand>
inline W secondOperand(const CpuState& state, const Op* op) {
  if constexpr (kOperand == Operand::kImmediate) return static_cast<W>(op->imm);
  const uint64_t full = state.x[op->rm];
  const W value = static_cast<W>(full);
  const unsigned amount = op->ra;
  switch (kOperand) {
    case Operand::kLsl: return static_cast<W>(value << amount);
    case Operand::kLsr: return static_cast<W>(value >> amount);
    case Operand::kAsr: return static_cast<W>(static_cast<Signed<W>>(value) >> amount);
    case Operand::kRor: return rotateRight(value, amount);
    case Operand::kUxtb: return static_cast<W>(static_cast<W>(static_cast<uint8_t>(full)) << amount);
    case Operand::kUxth: return static_cast<W>(static_cast<W>(static_cast<uint16_t>(full)) << amount);
    case Operand::kUxtw: return static_cast<W>(static_cast<W>(static_cast<uint32_t>(full)) << amount);
    case Operand::kSxtb: return static_cast<W>(static_cast<W>(static_cast<int8_t>(full)) << amount);
    case Operand::kSxth: return static_cast<W>(static_cast<W>(static_cast<int16_t>(full)) << amount);
    case Operand::kSxtw: return static_cast<W>(static_cast<W>(static_cast<int32_t>(full)) << amount);
    case Operand::kUxtx:
    case Operand::kSxtx: return static_cast<W>(full << amount);
    default: return value;
  }
}

}  // namespace cellvisor::machine::integer
