#pragma once

#include "../../op.h"

namespace cellvisor::machine::fpsimd {

/**
 * The encoding groups of Advanced SIMD (Arm ARM C4.1.96), vector and scalar forms together. Each decodes an instruction
 * that is known to be of the group and returns false for an unallocated one. op.rd, rn, rm, ra are set already.
 */
bool decodeThreeSame(uint32_t insn, Op& op);
bool decodeThreeDifferent(uint32_t insn, Op& op);
bool decodeTwoRegisterMisc(uint32_t insn, Op& op);
bool decodeFloatMisc(uint32_t insn, Op& op);
bool decodeAcrossLanes(uint32_t insn, Op& op);
bool decodeScalarPairwise(uint32_t insn, Op& op);
bool decodeByElement(uint32_t insn, Op& op);
bool decodeShiftImmediate(uint32_t insn, Op& op);
bool decodeModifiedImmediate(uint32_t insn, Op& op);
bool decodeCopy(uint32_t insn, Op& op);
bool decodePermute(uint32_t insn, Op& op);
bool decodeExtract(uint32_t insn, Op& op);
bool decodeTable(uint32_t insn, Op& op);

}  // namespace cellvisor::machine::fpsimd
