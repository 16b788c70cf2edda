#include "../loadstore/handlers.h"
#include "../state.h"
#include "decode.h"

// Exclusives, ordered accesses and the LSE atomics (Arm ARM C4.1.94).

namespace cellvisor::machine {
namespace {

bool exclusive(uint32_t insn, Op& op) {
  const unsigned sizeLog2 = bits(insn, 31, 30);
  const bool isLoad = bit(insn, 22), acquire = bit(insn, 15);
  op.rd = isLoad ? destination(bits(insn, 4, 0)) : source(bits(insn, 4, 0));
  op.rm = destination(bits(insn, 20, 16));
  op.run = isLoad ? loadstore::loadExclusive(sizeLog2, acquire) : loadstore::storeExclusive(sizeLog2);
  return true;
}

bool exclusivePair(uint32_t insn, Op& op) {
  const unsigned sizeLog2 = bits(insn, 31, 30);
  const bool isLoad = bit(insn, 22), acquire = bit(insn, 15);
  const uint32_t first = bits(insn, 4, 0), second = bits(insn, 14, 10);
  op.rd = isLoad ? destination(first) : source(first);
  op.ra = isLoad ? destination(second) : source(second);
  op.rm = destination(bits(insn, 20, 16));
  op.run = isLoad ? loadstore::loadExclusivePair(sizeLog2, acquire) : loadstore::storeExclusivePair(sizeLog2);
  return true;
}

bool compareAndSwapPair(uint32_t insn, Op& op) {
  const uint32_t compared = bits(insn, 20, 16), stored = bits(insn, 4, 0);
  if (bits(insn, 14, 10) != 31 || (compared & 1) || (stored & 1)) return false;
  op.rm = static_cast<uint8_t>(compared);
  op.rd = static_cast<uint8_t>(stored);
  op.run = loadstore::compareAndSwapPair(bit(insn, 30) ? 3 : 2);
  return true;
}

bool compareAndSwap(uint32_t insn, Op& op) {
  if (bits(insn, 14, 10) != 31) return false;
  op.rm = source(bits(insn, 20, 16));
  op.ra = destination(bits(insn, 20, 16));
  op.rd = source(bits(insn, 4, 0));
  op.run = loadstore::compareAndSwap(bits(insn, 31, 30));
  return true;
}

/** LDAR and STLR; the LORegion forms (bit 15 clear) came with Armv8.1. */
bool ordered(uint32_t insn, Op& op) {
  if (!bit(insn, 15)) return false;
  const bool isLoad = bit(insn, 22);
  op.rd = isLoad ? destination(bits(insn, 4, 0)) : source(bits(insn, 4, 0));
  op.run = isLoad ? loadstore::loadAcquire(bits(insn, 31, 30)) : loadstore::storeRelease(bits(insn, 31, 30));
  return true;
}

}  // namespace

bool decodeExclusive(uint32_t insn, Op& op) {
  op.rn = orStackPointer(bits(insn, 9, 5));
  if (!bit(insn, 23)) {
    if (!bit(insn, 21)) return exclusive(insn, op);
    return bit(insn, 31) ? exclusivePair(insn, op) : compareAndSwapPair(insn, op);
  }
  return bit(insn, 21) ? compareAndSwap(insn, op) : ordered(insn, op);
}

bool decodeAtomicMemory(uint32_t insn, Op& op) {
  const unsigned opcode = bits(insn, 15, 12);
  if (opcode > 8) return false;
  op.rn = orStackPointer(bits(insn, 9, 5));
  op.rm = source(bits(insn, 20, 16));
  op.rd = destination(bits(insn, 4, 0));
  op.run = loadstore::atomicMemory(static_cast<loadstore::AtomicOperation>(opcode), bits(insn, 31, 30));
  return true;
}

}  // namespace cellvisor::machine
