#pragma once

#include <cstdint>

namespace cellvisor::machine {

class Cpu;
struct Op;

/**
 * Executes one decoded instruction and continues with the next one of its block by a tail call (`next`),
 * or returns to the engine when the block ends or an exception was taken.
 */
using Handler = void (*)(Cpu& cpu, const Op* op);

/** One decoded instruction: 24 bytes, everything that can be worked out once is worked out at decode time. */
struct Op {
  Handler run = nullptr;
  /** Register slots (RegisterSlot for X registers, 0..31 for V registers); what each means is the handler's. */
  uint8_t rd = 0, rn = 0, rm = 0, ra = 0;
  /** The encoding, for reports and for handlers of rare instructions that decode fields themselves. */
  uint32_t insn = 0;
  /** An immediate, a branch target, a shift amount: the handler's. */
  uint64_t imm = 0;
};

/** Continues with the following instruction of the block. Handlers end with `return next(cpu, op);`. */
inline void next(Cpu& cpu, const Op* op) { return op[1].run(cpu, op + 1); }

/** Bits `high`..`low` of `value`. */
constexpr uint32_t bits(uint32_t value, unsigned high, unsigned low) {
  return (value >> low) & ((high - low == 31) ? 0xffffffffu : ((1u << (high - low + 1)) - 1));
}
constexpr bool bit(uint32_t value, unsigned index) { return (value >> index) & 1; }

/**
 * Decodes SIMD and floating-point instructions: data processing (op0 = x111) and SIMD&FP loads and stores.
 * Fills in every field of `op` but `insn`, which is set already. Returns false for an unallocated encoding
 * or one that is not implemented.
 */
bool decodeFpSimd(uint32_t insn, Op& op);

}  // namespace cellvisor::machine
