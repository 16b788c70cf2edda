#pragma once

#include <cstdint>

#include "../op.h"

namespace cellvisor::machine {

/** How an instruction goes on, for the block builder. */
enum class Flow {
  kNext,         ///< with the next instruction
  kConditional,  ///< `imm` is a target: taken or next; `ra` is the builder's
  kDirect,       ///< `imm` is a target and the only way: ends the block
  kEnd,          ///< somewhere else: ends the block
};

/** Decodes the instruction at `pc`; unallocated encodings become an op that takes the Undefined exception. */
Flow decode(uint32_t insn, uint64_t pc, Op& op);

// One for each group of the top-level table (Arm ARM C4.1). They return false for unallocated encodings.

bool decodeDataProcessingImmediate(uint32_t insn, uint64_t pc, Op& op);
bool decodeDataProcessingRegister(uint32_t insn, Op& op);
bool decodeBranch(uint32_t insn, uint64_t pc, Op& op, Flow& flow);
/** Hints, barriers, MSR, MRS, SYS: bits 31..22 are 1101010100. */
bool decodeSystem(uint32_t insn, Op& op, Flow& flow);
/** General-purpose registers only; SIMD&FP loads and stores are decodeFpSimd's. */
bool decodeLoadStore(uint32_t insn, uint64_t pc, Op& op);
/** Exclusives, ordered accesses and compare-and-swap: bits 29..24 are 001000. */
bool decodeExclusive(uint32_t insn, Op& op);
/** LSE memory operations: the load/store single group with bit 21 set and bits 11..10 zero. */
bool decodeAtomicMemory(uint32_t insn, Op& op);

/** Slot of register field `number` where 31 is ZR, as a source. */
constexpr uint8_t source(uint32_t number) { return number == 31 ? 32 : static_cast<uint8_t>(number); }
/** The same as a destination. */
constexpr uint8_t destination(uint32_t number) { return number == 31 ? 33 : static_cast<uint8_t>(number); }
/** Slot where 31 is SP. */
constexpr uint8_t orStackPointer(uint32_t number) { return static_cast<uint8_t>(number); }

constexpr int64_t signExtend(uint64_t value, unsigned bitCount) {
  return static_cast<int64_t>(value << (64 - bitCount)) >> (64 - bitCount);
}

}  // namespace cellvisor::machine
