#include "../integer/handlers.h"
#include "decode.h"

// Data processing, register (Arm ARM C4.1.92).

namespace cellvisor::machine {
namespace {

using integer::Operand;

Operand shifted(unsigned type, unsigned amount) {
  if (amount == 0) return Operand::kRegister;
  static constexpr Operand kTypes[4] = {Operand::kLsl, Operand::kLsr, Operand::kAsr, Operand::kRor};
  return kTypes[type];
}

void threeRegisters(uint32_t insn, Op& op) {
  op.rd = destination(bits(insn, 4, 0));
  op.rn = source(bits(insn, 9, 5));
  op.rm = source(bits(insn, 20, 16));
}

bool logicalShifted(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  const unsigned amount = bits(insn, 15, 10);
  if (!is64 && amount >= 32) return false;
  threeRegisters(insn, op);
  op.ra = static_cast<uint8_t>(amount);
  op.run = integer::logical(is64, bits(insn, 30, 29), bit(insn, 21), shifted(bits(insn, 23, 22), amount));
  return true;
}

bool addSubtractShifted(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  const unsigned amount = bits(insn, 15, 10), type = bits(insn, 23, 22);
  if (type == 3 || (!is64 && amount >= 32)) return false;
  threeRegisters(insn, op);
  op.ra = static_cast<uint8_t>(amount);
  op.run = integer::addSubtract(is64, bit(insn, 30), bit(insn, 29), shifted(type, amount));
  return true;
}

bool addSubtractExtended(uint32_t insn, Op& op) {
  const unsigned amount = bits(insn, 12, 10);
  const bool setFlags = bit(insn, 29);
  if (bits(insn, 23, 22) != 0 || amount > 4) return false;
  threeRegisters(insn, op);
  if (!setFlags) op.rd = orStackPointer(bits(insn, 4, 0));
  op.rn = orStackPointer(bits(insn, 9, 5));
  op.ra = static_cast<uint8_t>(amount);
  const Operand operand = static_cast<Operand>(static_cast<unsigned>(Operand::kUxtb) + bits(insn, 15, 13));
  op.run = integer::addSubtract(bit(insn, 31), bit(insn, 30), setFlags, operand);
  return true;
}

bool addSubtractCarry(uint32_t insn, Op& op) {
  if (bits(insn, 15, 10) != 0) return false;
  threeRegisters(insn, op);
  op.run = integer::addSubtractWithCarry(bit(insn, 31), bit(insn, 30), bit(insn, 29));
  return true;
}

bool conditionalCompare(uint32_t insn, Op& op) {
  if (!bit(insn, 29) || bit(insn, 10) || bit(insn, 4)) return false;
  const bool immediate = bit(insn, 11);
  op.rn = source(bits(insn, 9, 5));
  op.rm = immediate ? source(31) : source(bits(insn, 20, 16));
  op.imm = bits(insn, 20, 16);
  op.ra = static_cast<uint8_t>(bits(insn, 3, 0));
  op.run = integer::conditionalCompare(bit(insn, 31), bit(insn, 30), immediate);
  return true;
}

bool conditionalSelect(uint32_t insn, Op& op) {
  if (bit(insn, 29) || bit(insn, 11)) return false;
  threeRegisters(insn, op);
  const unsigned kind = (bit(insn, 30) ? 2 : 0) + (bit(insn, 10) ? 1 : 0);
  op.run = integer::conditionalSelect(bit(insn, 31), kind, bits(insn, 15, 12));
  return true;
}

bool twoSources(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  const unsigned opcode = bits(insn, 15, 10);
  if (bit(insn, 29)) return false;
  threeRegisters(insn, op);
  if (opcode == 2 || opcode == 3) {
    op.run = integer::divide(is64, opcode == 3);
  } else if (opcode >= 8 && opcode < 12) {
    op.run = integer::shiftVariable(is64, opcode & 3);
  } else if (opcode >= 16 && opcode < 24 && is64 == ((opcode & 3) == 3)) {
    op.run = integer::crc32(opcode & 4, opcode & 3);
  } else {
    return false;
  }
  return true;
}

bool oneSource(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31);
  if (bit(insn, 29) || bits(insn, 20, 16) != 0) return false;
  op.rd = destination(bits(insn, 4, 0));
  op.rn = source(bits(insn, 9, 5));
  switch (bits(insn, 15, 10)) {
    case 0: op.run = integer::reverseBits(is64); return true;
    case 1: op.run = integer::reverseBytes(is64, 2); return true;
    case 2: op.run = integer::reverseBytes(is64, 4); return true;
    case 3: op.run = integer::reverseBytes(is64, 8); return is64;
    case 4: op.run = integer::countLeadingZeros(is64); return true;
    case 5: op.run = integer::countLeadingSigns(is64); return true;
    default: return false;
  }
}

bool threeSources(uint32_t insn, Op& op) {
  const bool is64 = bit(insn, 31), subtract = bit(insn, 15);
  const unsigned kind = bits(insn, 23, 21);
  if (bits(insn, 30, 29) != 0) return false;
  threeRegisters(insn, op);
  op.ra = source(bits(insn, 14, 10));
  if (kind == 0) {
    op.run = integer::multiplyAdd(is64, subtract);
  } else if (is64 && (kind == 1 || kind == 5)) {
    op.run = integer::multiplyAddLong(kind == 1, subtract);
  } else if (is64 && !subtract && (kind == 2 || kind == 6)) {
    op.run = integer::multiplyHigh(kind == 2);
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool decodeDataProcessingRegister(uint32_t insn, Op& op) {
  if (!bit(insn, 28)) {
    if (!bit(insn, 24)) return logicalShifted(insn, op);
    return bit(insn, 21) ? addSubtractExtended(insn, op) : addSubtractShifted(insn, op);
  }
  if (bit(insn, 24)) return threeSources(insn, op);
  switch (bits(insn, 23, 21)) {
    case 0: return addSubtractCarry(insn, op);
    case 2: return conditionalCompare(insn, op);
    case 4: return conditionalSelect(insn, op);
    case 6: return bit(insn, 30) ? oneSource(insn, op) : twoSources(insn, op);
    default: return false;
  }
}

}  // namespace cellvisor::machine
