#pragma once

#include "../../op.h"

namespace cellvisor::machine::fpsimd {

/**
 * Loads and stores of SIMD and FP registers (Arm ARM C4.1.94). Each decodes an instruction that is known to be of the group
 * and returns false for an unallocated one. op.rd is Vt, op.rn the base with 31 for SP.
 */
bool decodeLiteral(uint32_t insn, Op& op);
bool decodePair(uint32_t insn, Op& op);
bool decodeUnsignedOffset(uint32_t insn, Op& op);
bool decodeUnscaledOffset(uint32_t insn, Op& op);
bool decodeRegisterOffset(uint32_t insn, Op& op);
bool decodeMultipleStructures(uint32_t insn, Op& op);
bool decodeSingleStructure(uint32_t insn, Op& op);

}  // namespace cellvisor::machine::fpsimd
