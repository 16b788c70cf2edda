#pragma once

#include "../../op.h"

namespace cellvisor::machine::fpsimd {

/**
 * The encoding groups of scalar floating point (Arm ARM C4.1.96). Each decodes an instruction that is known to be of the
 * group and returns false for an unallocated one. op.rd, rn, rm, ra are set already.
 */
bool decodeOneSource(uint32_t insn, Op& op);
bool decodeTwoSource(uint32_t insn, Op& op);
bool decodeThreeSource(uint32_t insn, Op& op);
bool decodeCompare(uint32_t insn, Op& op);
bool decodeConditionalCompare(uint32_t insn, Op& op);
bool decodeConditionalSelect(uint32_t insn, Op& op);
bool decodeImmediate(uint32_t insn, Op& op);
bool decodeFixedPoint(uint32_t insn, Op& op);
bool decodeInteger(uint32_t insn, Op& op);

}  // namespace cellvisor::machine::fpsimd
