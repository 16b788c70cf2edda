#include "../loadstore/handlers.h"
#include "../state.h"
#include "decode.h"

// Loads and stores of general-purpose registers (Arm ARM C4.1.94).

namespace cellvisor::machine {
namespace {

using loadstore::Extend;
using loadstore::Mode;

bool literal(uint32_t insn, uint64_t pc, Op& op) {
  const unsigned opc = bits(insn, 31, 30);
  op.rn = kZero;
  op.rd = destination(bits(insn, 4, 0));
  op.imm = pc + static_cast<uint64_t>(signExtend(uint64_t{bits(insn, 23, 5)} << 2, 21));
  if (opc == 3) {
    op.run = loadstore::prefetch();
    return true;
  }
  op.run = loadstore::load(opc == 1 ? 3 : 2, opc == 2 ? Extend::kSignTo64 : Extend::kZero, Mode::kOffset, false);
  return true;
}

bool pair(uint32_t insn, Op& op) {
  const unsigned opc = bits(insn, 31, 30), kind = bits(insn, 24, 23);
  const bool isLoad = bit(insn, 22);
  // LDPSW exists only as a load, and has no non-temporal form.
  if (opc == 3 || (opc == 1 && (!isLoad || kind == 0))) return false;
  const unsigned sizeLog2 = opc == 2 ? 3 : 2;
  static constexpr Mode kKinds[4] = {Mode::kOffset, Mode::kPostIndex, Mode::kOffset, Mode::kPreIndex};
  const uint32_t first = bits(insn, 4, 0), second = bits(insn, 14, 10);
  op.rn = orStackPointer(bits(insn, 9, 5));
  op.rd = isLoad ? destination(first) : source(first);
  op.ra = isLoad ? destination(second) : source(second);
  op.imm = static_cast<uint64_t>(signExtend(bits(insn, 21, 15), 7)) << sizeLog2;
  const bool onStack = op.rn == kStackPointer;
  op.run = isLoad ? loadstore::loadPair(sizeLog2, opc == 1, kKinds[kind], onStack)
                  : loadstore::storePair(sizeLog2, kKinds[kind], onStack);
  return true;
}

/** The common part of the single-register forms: size, opc and Rt; PRFM only where `canPrefetch`. */
bool single(uint32_t insn, Op& op, Mode mode, bool canPrefetch) {
  const unsigned sizeLog2 = bits(insn, 31, 30), opc = bits(insn, 23, 22);
  op.rn = orStackPointer(bits(insn, 9, 5));
  const bool onStack = op.rn == kStackPointer;
  if (opc == 0) {
    op.rd = source(bits(insn, 4, 0));
    op.run = loadstore::store(sizeLog2, mode, onStack);
    return true;
  }
  op.rd = destination(bits(insn, 4, 0));
  if (opc == 1) {
    op.run = loadstore::load(sizeLog2, Extend::kZero, mode, onStack);
    return true;
  }
  if (sizeLog2 == 3) {
    op.run = loadstore::prefetch();
    return opc == 2 && canPrefetch;
  }
  if (opc == 3 && sizeLog2 == 2) return false;
  op.run = loadstore::load(sizeLog2, opc == 2 ? Extend::kSignTo64 : Extend::kSignTo32, mode, onStack);
  return true;
}

bool unprivileged(uint32_t insn, Op& op) {
  if (!single(insn, op, Mode::kOffset, false)) return false;
  const unsigned sizeLog2 = bits(insn, 31, 30), opc = bits(insn, 23, 22);
  static constexpr Extend kExtends[4] = {Extend::kZero, Extend::kZero, Extend::kSignTo64, Extend::kSignTo32};
  op.run = opc == 0 ? loadstore::storeUnprivileged(sizeLog2) : loadstore::loadUnprivileged(sizeLog2, kExtends[opc]);
  return true;
}

bool registerOffset(uint32_t insn, Op& op) {
  const unsigned option = bits(insn, 15, 13);
  if (!(option & 2)) return false;
  op.rm = source(bits(insn, 20, 16));
  op.ra = static_cast<uint8_t>(bit(insn, 12) ? bits(insn, 31, 30) : 0);
  const Mode mode = option == 2 ? Mode::kRegisterUxtw : option == 6 ? Mode::kRegisterSxtw : Mode::kRegister;
  return single(insn, op, mode, true);
}

bool singles(uint32_t insn, Op& op) {
  if (bit(insn, 24)) {
    op.imm = uint64_t{bits(insn, 21, 10)} << bits(insn, 31, 30);
    return single(insn, op, Mode::kOffset, true);
  }
  const unsigned form = bits(insn, 11, 10);
  if (bit(insn, 21)) {
    if (form == 0) return decodeAtomicMemory(insn, op);
    return form == 2 && registerOffset(insn, op);
  }
  op.imm = static_cast<uint64_t>(signExtend(bits(insn, 20, 12), 9));
  switch (form) {
    case 0: return single(insn, op, Mode::kOffset, true);
    case 1: return single(insn, op, Mode::kPostIndex, false);
    case 2: return unprivileged(insn, op);
    default: return single(insn, op, Mode::kPreIndex, false);
  }
}

}  // namespace

bool decodeLoadStore(uint32_t insn, uint64_t pc, Op& op) {
  switch (bits(insn, 29, 28)) {
    case 0: return bits(insn, 29, 24) == 0x08 && decodeExclusive(insn, op);
    case 1: return bits(insn, 25, 24) == 0 && literal(insn, pc, op);
    case 2: return pair(insn, op);
    default: return !bit(insn, 25) && singles(insn, op);
  }
}

}  // namespace cellvisor::machine
