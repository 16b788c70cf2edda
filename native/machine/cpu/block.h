#pragma once

#include <cstdint>

#include "op.h"

namespace cellvisor::machine {

struct Block;

/** A direct branch's way out of its block: filled in when it is first taken, checked by epoch ever after. */
struct Link {
  uint64_t target;
  Block* block;
};

/**
 * Instructions decoded from one page, executed from the first on. Conditional branches inside may leave early; the last
 * op always leaves. Ops follow the header in memory.
 */
struct Block {
  static constexpr unsigned kMaxInstructions = 64;

  uint64_t pc;
  /** Valid only while equal to the CPU's epoch: translations and code are as they were when it was looked up. */
  uint64_t epoch;
  /** Guest instructions, without the closing op of a block that ends for want of room. */
  uint32_t count;
  uint32_t exceptionLevel;
  /** First byte of the host page that it was decoded from. */
  const uint8_t* page;
  /** Value of BlockCache's verification when its words were last known to be those in memory. */
  uint64_t verified;
  Block* nextInBucket;
  Block* nextInPage;

  Op* ops() { return reinterpret_cast<Op*>(this + 1); }
  const Op* ops() const { return reinterpret_cast<const Op*>(this + 1); }
};

}  // namespace cellvisor::machine
