#include "crypto/groups.h"
#include "handler.h"
#include "memory/groups.h"
#include "scalar/groups.h"
#include "vector/groups.h"

namespace cellvisor::machine {

namespace {

using namespace fpsimd;

/** The group of all encodings with `value` in the bits of `mask`, minus those of groups before it. */
struct Group {
  uint32_t mask, value;
  bool (*decode)(uint32_t insn, Op& op);
};

/** Data processing, bits 28..25 = x111 (Arm ARM C4.1.96). */
constexpr Group kDataProcessing[] = {
    // Scalar floating point.
    {0x7f20fc00, 0x1e200000, decodeInteger},
    {0xff207c00, 0x1e204000, decodeOneSource},
    {0xff203c00, 0x1e202000, decodeCompare},
    {0xff201c00, 0x1e201000, decodeImmediate},
    {0xff200c00, 0x1e200400, decodeConditionalCompare},
    {0xff200c00, 0x1e200800, decodeTwoSource},
    {0xff200c00, 0x1e200c00, decodeConditionalSelect},
    {0xff000000, 0x1f000000, decodeThreeSource},
    {0x7f200000, 0x1e000000, decodeFixedPoint},
    // Cryptography.
    {0xff3e0c00, 0x4e280800, decodeAes},
    {0xff3e0c00, 0x5e280800, decodeShaTwoRegister},
    {0xff208c00, 0x5e000000, decodeShaThreeRegister},
    // Advanced SIMD, scalar.
    {0xdfe08400, 0x5e000400, decodeCopy},
    {0xdf3e0c00, 0x5e200800, decodeTwoRegisterMisc},
    {0xdf3e0c00, 0x5e300800, decodeScalarPairwise},
    {0xdf200c00, 0x5e200000, decodeThreeDifferent},
    {0xdf200400, 0x5e200400, decodeThreeSame},
    {0xdf800400, 0x5f000400, decodeShiftImmediate},
    {0xdf000400, 0x5f000000, decodeByElement},
    // Advanced SIMD, vector.
    {0xbf208c00, 0x0e000000, decodeTable},
    {0xbf208c00, 0x0e000800, decodePermute},
    {0xbf208400, 0x2e000000, decodeExtract},
    {0x9fe08400, 0x0e000400, decodeCopy},
    {0x9f3e0c00, 0x0e200800, decodeTwoRegisterMisc},
    {0x9f3e0c00, 0x0e300800, decodeAcrossLanes},
    {0x9f200c00, 0x0e200000, decodeThreeDifferent},
    {0x9f200400, 0x0e200400, decodeThreeSame},
    {0x9ff80400, 0x0f000400, decodeModifiedImmediate},
    {0x9f800400, 0x0f000400, decodeShiftImmediate},
    {0x9f000400, 0x0f000000, decodeByElement},
};

/** Loads and stores, bits 28..25 = x1x0 with bit 26 set (Arm ARM C4.1.94). */
constexpr Group kLoadsAndStores[] = {
    {0xbf000000, 0x0c000000, decodeMultipleStructures},
    {0xbf000000, 0x0d000000, decodeSingleStructure},
    {0x3f000000, 0x1c000000, decodeLiteral},
    {0x3e000000, 0x2c000000, decodePair},
    {0x3f200000, 0x3c000000, decodeUnscaledOffset},
    {0x3f200c00, 0x3c200800, decodeRegisterOffset},
    {0x3f000000, 0x3d000000, decodeUnsignedOffset},
};

template <size_t kCount>
bool decodeOneOf(const Group (&groups)[kCount], uint32_t insn, Op& op) {
  for (const Group& group : groups) {
    if ((insn & group.mask) == group.value) return group.decode(insn, op);
  }
  return false;
}

}  // namespace

bool decodeFpSimd(uint32_t insn, Op& op) {
  setVectorRegisters(op, insn);
  op.imm = 0;
  return bit(insn, 25) ? decodeOneOf(kDataProcessing, insn, op) : decodeOneOf(kLoadsAndStores, insn, op);
}

}  // namespace cellvisor::machine
