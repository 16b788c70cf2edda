#pragma once

#include "../op.h"

// Which handler executes which load or store. Everywhere: rn is the base slot (kZero for a literal, whose address is imm),
// rd the register moved. `sizeLog2` 0..3 is the access size. `onStack` if the base is SP, whose alignment is checked.

namespace cellvisor::machine::loadstore {

enum class Mode {
  kOffset,        ///< base + imm
  kPreIndex,      ///< base + imm, written back
  kPostIndex,     ///< base; base + imm is written back
  kRegister,      ///< base + (rm << ra)
  kRegisterUxtw,  ///< the same with the low half of rm, zero-extended
  kRegisterSxtw,  ///< sign-extended
};
constexpr unsigned kModes = 6, kPairModes = 3;

enum class Extend { kZero, kSignTo64, kSignTo32 };

Handler load(unsigned sizeLog2, Extend extend, Mode mode, bool onStack);
Handler store(unsigned sizeLog2, Mode mode, bool onStack);
/** LDTR and STTR: EL1 has EL0's rights. */
Handler loadUnprivileged(unsigned sizeLog2, Extend extend);
Handler storeUnprivileged(unsigned sizeLog2);

/** ra is the second register; sizeLog2 2 or 3. The first three modes. */
Handler loadPair(unsigned sizeLog2, bool signExtend, Mode mode, bool onStack);
Handler storePair(unsigned sizeLog2, Mode mode, bool onStack);

/** PRFM in all its forms. */
Handler prefetch();

/** LDXR, LDAXR. */
Handler loadExclusive(unsigned sizeLog2, bool acquire);
/** STXR, STLXR; rm is the status register. */
Handler storeExclusive(unsigned sizeLog2);
/** LDXP, LDAXP; STXP, STLXP: sizeLog2 2 or 3 of each register; ra is the second. */
Handler loadExclusivePair(unsigned sizeLog2, bool acquire);
Handler storeExclusivePair(unsigned sizeLog2);
Handler loadAcquire(unsigned sizeLog2);
Handler storeRelease(unsigned sizeLog2);

/** CAS: rm is compared, ra is the same register as a destination and receives the old value, rd is stored. */
Handler compareAndSwap(unsigned sizeLog2);
/** CASP: rm, rm + 1 and rd, rd + 1. */
Handler compareAndSwapPair(unsigned sizeLog2);
enum class AtomicOperation { kAdd, kClear, kXor, kSet, kSignedMax, kSignedMin, kUnsignedMax, kUnsignedMin, kSwap };
/** LDADD and its kin: memory = memory op rm, rd = what was there. */
Handler atomicMemory(AtomicOperation operation, unsigned sizeLog2);

}  // namespace cellvisor::machine::loadstore
