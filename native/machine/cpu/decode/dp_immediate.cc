#include "../integer/handlers.h"
#include "decode.h"

// Data processing, immediate (Arm ARM C4.1.86).

namespace cellvisor::machine {
namespace {

using integer::Operand;

bool pcRelative(uint32_t insn, uint64_t pc, Op& op) {
  const uint64_t offset = static_cast<uint64_t>(signExtend(bits(insn, 23, 5) << 2 | bits(insn, 30, 29), 21));
  op.rd = destination(bits(insn, 4, 0));
  op.imm = bit(insn, 31) ? (pc & ~uint64_t{0xfff}) + (offset << 12) : pc + offset;
  op.run = integer::constant();
  return true;
}

bool addSubtractImmediate(uint32_t insn, Op& op) {
  const bool setFlags = bit(insn, 29);
  op.rd = setFlags ? destination(bits(insn, 4, 0)) : orStackPointer(bits(insn, 4, 0));
  op.rn = orStackPointer(bits(insn, 9, 5));
  op.imm = uint64_t{bits(insn, 21, 10)} << (bit(insn, 22) ? 12 : 0);
  op.run = integer::addSubtract(bit(insn, 31), bit(insn, 30), setFlags, Operand::kImmediate);
  return true;
}

/** The bit patterns of N:immr:imms (DecodeBitMasks); false for the reserved ones. */
bool bitPattern(bool is64, bool n, unsigned immr, unsigned imms, uint64_t& pattern) {
  const unsigned selector = (n ? 64u : 0u) | (~imms & 0x3f);
  if (selector < 2 || (n && !is64)) return false;
  const unsigned sizeLog2 = 31 - __builtin_clz(selector);
  const unsigned size = 1u << sizeLog2;
  const unsigned ones = (imms & (size - 1)) + 1, rotation = immr & (size - 1);
  if (ones == size) return false;
  const uint64_t element = (uint64_t{1} << ones) - 1;
  const uint64_t elementMask = size == 64 ? ~uint64_t{0} : (uint64_t{1} << size) - 1;
  pattern = rotation == 0 ? element : (element >> rotation | element << (size - rotation)) & elementMask;
  for (unsigned width = size; width < 64; width *= 2) pattern |= pattern << width;
  return true;
}

bool logicalImmediate(uint32_t insn, Op& op) {
  const unsigned opc = bits(insn, 30, 29);
  if (!bitPattern(bit(insn, 31), bit(insn, 22), bits(insn, 21, 16), bits(insn, 15, 10), op.imm)) return false;
  op.rd = opc == 3 ? destination(bits(insn, 4, 0)) : orStackPointer(bits(insn, 4, 0));
  op.rn = source(bits(insn, 9, 5));
  op.run = integer::logical(bit(insn, 31), opc, false, Operand::kImmediate);
  return true;
}

bool moveWide(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  const unsigned opc = bits(insn, 30, 29), shift = bits(insn, 22, 21) * 16;
  if (opc == 1 || (!is64 && shift >= 32)) return false;
  const uint64_t value = bits(insn, 20, 5);
  op.rd = destination(bits(insn, 4, 0));
  if (opc == 3) {
    op.imm = value;
    op.rm = static_cast<uint8_t>(shift);
    op.run = integer::moveKeep(is64);
    return true;
  }
  op.imm = opc == 0 ? ~(value << shift) : value << shift;
  if (!is64) op.imm &= 0xffffffff;
  op.run = integer::constant();
  return true;
}

bool bitfield(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  const unsigned opc = bits(insn, 30, 29), immr = bits(insn, 21, 16), imms = bits(insn, 15, 10);
  const unsigned width = is64 ? 64 : 32;
  if (opc == 3 || bit(insn, 22) != is64 || immr >= width || imms >= width) return false;
  op.rd = destination(bits(insn, 4, 0));
  op.rn = source(bits(insn, 9, 5));
  // Left until the field's top bit is bit 63, then right until it is where the result has it.
  const unsigned left = 63 - imms;
  const unsigned top = imms >= immr ? imms - immr : imms + width - immr;
  op.rm = static_cast<uint8_t>(left);
  op.ra = static_cast<uint8_t>(63 - top);
  if (opc == 1) {
    const unsigned fieldBits = imms >= immr ? imms - immr + 1 : imms + 1;
    const unsigned lowest = top + 1 - fieldBits;
    op.imm = (fieldBits == 64 ? ~uint64_t{0} : (uint64_t{1} << fieldBits) - 1) << lowest;
    op.run = integer::bitfieldInsert();
    return true;
  }
  op.run = opc == 0 ? integer::signedBitfield(is64) : integer::unsignedBitfield();
  return true;
}

bool extractRegister(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  if (bits(insn, 30, 29) != 0 || bit(insn, 21) || bit(insn, 22) != is64 || (!is64 && bit(insn, 15))) return false;
  op.rd = destination(bits(insn, 4, 0));
  op.rn = source(bits(insn, 9, 5));
  op.rm = source(bits(insn, 20, 16));
  op.imm = bits(insn, 15, 10);
  op.run = integer::extract(is64);
  return true;
}

}  // namespace

bool decodeDataProcessingImmediate(uint32_t insn, uint64_t pc, Op& op) {
  switch (bits(insn, 25, 23)) {
    case 0:
    case 1: return pcRelative(insn, pc, op);
    case 2: return addSubtractImmediate(insn, op);
    case 4: return logicalImmediate(insn, op);
    case 5: return moveWide(insn, op);
    case 6: return bitfield(insn, op);
    case 7: return extractRegister(insn, op);
    default: return false;
  }
}

}  // namespace cellvisor::machine
