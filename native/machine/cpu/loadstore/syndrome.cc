#include "syndrome.h"

#include "../op.h"

namespace cellvisor::machine {
namespace {

constexpr bool isSimd(uint32_t insn) { return bit(insn, 26); }

bool isLiteral(uint32_t insn) { return bits(insn, 29, 27) == 3 && bits(insn, 25, 24) == 0; }

bool isSingleWithoutWriteBack(uint32_t insn) {
  if (bits(insn, 29, 27) != 7 || bit(insn, 25)) return false;
  if (bit(insn, 24)) return true;
  const unsigned form = bits(insn, 11, 10);
  return bit(insn, 21) ? form == 2 : form == 0 || form == 2;
}

bool isOrdered(uint32_t insn) { return bits(insn, 29, 24) == 8 && bit(insn, 23) && !bit(insn, 21); }

}  // namespace

Syndrome syndromeOf(uint32_t insn) {
  Syndrome syndrome;
  if (isSimd(insn)) return syndrome;
  syndrome.registerNumber = bits(insn, 4, 0);
  syndrome.sizeLog2 = bits(insn, 31, 30);
  if (isOrdered(insn)) {
    syndrome.valid = true;
    syndrome.ordered = true;
    syndrome.is64 = syndrome.sizeLog2 == 3;
  } else if (isLiteral(insn)) {
    const unsigned opc = bits(insn, 31, 30);
    syndrome.valid = true;
    syndrome.sizeLog2 = opc == 1 ? 3 : 2;
    syndrome.signExtend = opc == 2;
    syndrome.is64 = opc != 0;
  } else if (isSingleWithoutWriteBack(insn)) {
    const unsigned opc = bits(insn, 23, 22);
    syndrome.valid = true;
    syndrome.signExtend = opc >= 2;
    syndrome.is64 = opc == 2 || (opc < 2 && syndrome.sizeLog2 == 3);
  }
  return syndrome;
}

}  // namespace cellvisor::machine
