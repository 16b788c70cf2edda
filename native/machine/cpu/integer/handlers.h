#pragma once

#include "../op.h"

// Which handler executes what. Unless said otherwise: rd is the destination slot, rn and rm are the sources, and a 32-bit
// result is zero-extended. `is64` is the encoding's sf bit.

namespace cellvisor::machine::integer {

/** Where the second operand of arithmetic and logic comes from. */
enum class Operand {
  kImmediate,  ///< imm
  kRegister,   ///< rm
  kLsl,        ///< rm shifted by ra
  kLsr,
  kAsr,
  kRor,
  kUxtb,  ///< rm extended, then shifted left by ra; in the order of the `option` field
  kUxth,
  kUxtw,
  kUxtx,
  kSxtb,
  kSxth,
  kSxtw,
  kSxtx,
};
constexpr unsigned kOperands = 14, kLogicalOperands = 6;

Handler addSubtract(bool is64, bool subtract, bool setFlags, Operand operand);
Handler addSubtractWithCarry(bool is64, bool subtract, bool setFlags);
/** CCMN, CCMP: imm holds the second operand if `immediate`; ra is the NZCV of a condition that fails. */
Handler conditionalCompare(bool is64, bool subtract, bool immediate);

/** `opc` 0 AND, 1 ORR, 2 EOR, 3 ANDS; `invert` the second operand. */
Handler logical(bool is64, unsigned opc, bool invert, Operand operand);

/** rd = imm: MOVZ, MOVN, ADR, ADRP. */
Handler constant();
/** The 16 bits from bit rm on = imm. */
Handler moveKeep(bool is64);

/**
 * UBFM and SBFM as two shifts: left by rm, then right by ra (of 64 bits, so that both widths share the work).
 * BFM too, with `imm` the mask of the bits that change.
 */
Handler unsignedBitfield();
Handler signedBitfield(bool is64);
Handler bitfieldInsert();
/** (rn:rm) >> imm, low half. */
Handler extract(bool is64);

/** rd = ra +/- rn * rm. */
Handler multiplyAdd(bool is64, bool subtract);
Handler multiplyAddLong(bool isSigned, bool subtract);
Handler multiplyHigh(bool isSigned);
Handler divide(bool is64, bool isSigned);
/** LSLV, LSRV, ASRV, RORV by `kind` 0..3. */
Handler shiftVariable(bool is64, unsigned kind);
/** CRC32 (polynomial 0x04c11db7) or CRC32C of 1 << sizeLog2 bytes of rm. */
Handler crc32(bool castagnoli, unsigned sizeLog2);

Handler reverseBits(bool is64);
/** Reverses bytes in groups of 2, 4 or 8. */
Handler reverseBytes(bool is64, unsigned groupBytes);
Handler countLeadingZeros(bool is64);
Handler countLeadingSigns(bool is64);

/** CSEL, CSINC, CSINV, CSNEG by `kind` 0..3. */
Handler conditionalSelect(bool is64, unsigned kind, unsigned condition);

/** B and BL: imm is the Link. */
Handler branch(bool withLink);
Handler branchConditional(unsigned condition);
/** CBZ, CBNZ: rd is the register. */
Handler compareAndBranch(bool is64, bool ifNotZero);
/** TBZ, TBNZ: bit rm of rd. */
Handler testAndBranch(bool ifNotZero);
/** BR, RET (rn) and BLR. */
Handler branchRegister(bool withLink);

}  // namespace cellvisor::machine::integer
