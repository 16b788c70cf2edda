#pragma once

#include "../../op.h"

namespace cellvisor::machine::fpsimd {

/** The cryptographic extension of Armv8.0. op.rd, rn, rm are set already. */
bool decodeAes(uint32_t insn, Op& op);
bool decodeShaTwoRegister(uint32_t insn, Op& op);
bool decodeShaThreeRegister(uint32_t insn, Op& op);

}  // namespace cellvisor::machine::fpsimd
