#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "block.h"
#include "debug.h"
#include "environment.h"
#include "op.h"
#include "state.h"
#include "system_registers.h"
#include "tlb.h"

namespace cellvisor::machine {

class BlockCache;

/** Constant per CPU model: what the ID registers say. */
struct CpuIdentity {
  uint64_t mpidr = 0x80000000;
  uint64_t midr = 0x410fd034;  ///< Cortex-A53 r0p4
  uint64_t counterFrequencyHz = 8000000;
};

/** What EL1 starts from (jailhouse-hypervisor reference 7). */
struct ResetState {
  uint64_t entry = 0;
  /** Goes to x1: Jailhouse passes PSCI's context there. */
  uint64_t context = 0;
  uint64_t cpacr = 0;
};

/** kMaintain: cache maintenance by address, which needs what a read needs. */
enum class Access { kRead, kWrite, kFetch, kMaintain };

/**
 * One A64 core at EL1/EL0. Runs on the thread that calls run(); the methods marked "any thread" may be called from others.
 * That thread needs an ordinary stack (1 MiB is plenty): handlers call each other, up to one slice of instructions deep
 * where the compiler makes no jump of a tail call.
 */
class Cpu {
 public:
  /** kDebug: at a breakpoint or watchpoint, which `debugHit` tells. */
  enum class Stop { kRequested, kParked, kOff, kBudget, kDebug };

  Cpu(const CpuIdentity& identity, Environment& environment);
  ~Cpu();
  Cpu(const Cpu&) = delete;
  Cpu& operator=(const Cpu&) = delete;

  /** Architectural reset to EL1h, DAIF masked; forgets translations and decoded code. Not while running. */
  void reset(const ResetState& state);

  /**
   * Executes until a stop is requested, the CPU is parked or switched off, or `budget` instructions are done
   * (the engine never exceeds the budget: with the virtual clock, runs must be the same every time).
   * An instruction that takes an exception or trap counts as one; taking an interrupt counts as none.
   */
  Stop run(uint64_t budget = UINT64_MAX);

  /** Any thread: leave run() soon. The request is consumed by the run() that obeys it. */
  void requestStop();
  /** Any thread: level of the IRQ line from the GIC's CPU interface. */
  void setIrqLine(bool level);
  bool irqLine() const { return irqLine_.load(std::memory_order_acquire); }
  /**
   * Any thread: drop translations and/or decoded code before the next block of instructions. What Environment::stage2
   * answered, faults included, is remembered until translations are dropped.
   */
  void requestInvalidate(bool translations, bool instructions);
  /**
   * Any thread but the CPU's own: returns when translations whose invalidation was requested before are not used any
   * more. Whoever executes TLBI ...IS owes that to the guest before its DSB (for instructions nobody waits: the other CPU
   * needs an ISB of its own). Does not wait for a CPU that is outside run(), sleeps, or waits itself.
   */
  void awaitInvalidate() const;
  /**
   * Any thread: true while run() should return to its top. WFI must not sleep while this or irqLine() is true; both
   * are to be looked at after the sleeper has made itself known to those who would wake it.
   */
  bool hasAttention() const { return attention_.load(std::memory_order_acquire) != 0; }

  /** Instructions executed since construction; exact at every trap and every call into the Environment. */
  uint64_t instructionCount() const;

  CpuState& state() { return state_; }
  const CpuState& state() const { return state_; }
  const CpuIdentity& identity() const { return identity_; }

  // For reports, with the values the hardware would have in EL2 at a trap.
  uint64_t pc() const { return pc_; }
  /** Full PSTATE in SPSR form. */
  uint32_t spsr() const;
  unsigned exceptionLevel() const { return exceptionLevel_; }
  uint64_t stackPointer(unsigned exceptionLevel) const;  ///< SP_EL0 or SP_EL1
  /** ESR_EL2 that the last trap would have (EC, IL, ISS). */
  uint64_t trapSyndrome() const { return trapSyndrome_; }
  const SystemRegisters& systemRegisters() const { return system_; }

  // For a debugger (debug.cc), on whatever thread has the CPU while it does not run.

  /**
   * Executes one instruction: kBudget when that is done. A breakpoint at it is passed, watchpoints are not, and no
   * interrupt is taken before it. kRequested: a stop was asked for before, and nothing was executed.
   */
  Stop step();
  void setBreakpoints(std::vector<uint64_t> addresses);
  void setWatchpoints(std::vector<Watchpoint> watchpoints);
  const DebugHit& debugHit() const { return debug_.hit; }
  void setPc(uint64_t value);
  /** NZCV, DAIF and the mode, as spsr() shows them. False for a mode that the CPU cannot be in, which changes nothing. */
  bool setSpsr(uint32_t value);

  // For instruction handlers (fpsimd included). A false result means that an exception or trap was taken:
  // return from the handler at once, without next().

  /** Loads T (1, 2, 4, 8 bytes or VectorRegister) from a virtual address. Defined in memory_access.h. */
  template <class T>
  bool load(const Op* op, uint64_t virtualAddress, T& value);
  template <class T>
  bool store(const Op* op, uint64_t virtualAddress, const T& value);

  /** CPACR_EL1.FPEN at the current level; if false the handler calls trapFpAccess and returns. */
  bool fpEnabled() const { return fpEnabled_; }
  void trapFpAccess(const Op* op);
  /** Undefined Instruction exception to EL1 (EC 0x00). */
  void undefined(const Op* op);
  /** The encoding is valid Armv8 but the emulator lacks it: stops the cell loudly. */
  void unimplemented(const Op* op, const char* what);

  /** Address of `op`, which must belong to the block being executed (as the op given to a handler does). */
  uint64_t pcOf(const Op* op) const { return block_->pc + static_cast<uint64_t>(op - block_->ops()) * 4; }

  /**
   * SP alignment check for a load or store whose base is SP (SCTLR_EL1.SA and SA0). A handler with rn == kStackPointer
   * asks this first; if false, it calls stackAlignmentFault and returns.
   */
  bool stackAligned() const { return (state_.x[kStackPointer] & stackCheckMask_) == 0; }
  void stackAlignmentFault(const Op* op);

  // The rest is for the core's own files.

  /** The slots of the TLB that accesses at `virtualAddress` look at; whether they match is for TlbEntry::admits. */
  const TlbEntry& readEntry(uint64_t virtualAddress) { return tables_->read.at(virtualAddress); }
  const TlbEntry& writeEntry(uint64_t virtualAddress) { return tables_->write.at(virtualAddress); }

  /** As load and store, with the translation of exception level `level`: LDTR, STTR. */
  template <class T>
  bool loadAs(unsigned level, const Op* op, uint64_t virtualAddress, T& value);
  template <class T>
  bool storeAs(unsigned level, const Op* op, uint64_t virtualAddress, const T& value);
  /** Two registers at once: one look at the TLB for both. */
  template <class T>
  bool loadPair(const Op* op, uint64_t virtualAddress, T& first, T& second);
  template <class T>
  bool storePair(const Op* op, uint64_t virtualAddress, T first, T second);
  /**
   * Host address of naturally aligned RAM, for exclusives, atomics and ordered accesses; null if an exception was
   * taken. With kWrite, decoded code in these bytes is forgotten.
   */
  uint8_t* atomicPointer(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, Access access);
  /** Alignment fault unless aligned: ordered accesses, exclusives and atomics demand it of any memory. */
  bool requireAligned(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, Access access);
  /** DC ZVA. */
  bool zeroBlock(const Op* op, uint64_t virtualAddress);
  /** Translates as a read, for cache maintenance by address: false if that faulted. */
  bool maintainCache(const Op* op, uint64_t virtualAddress);
  /** IC IVAU. */
  bool maintainCode(const Op* op, uint64_t virtualAddress);
  /** AT S1E*: the value of PAR_EL1. False if the table walk itself trapped. */
  bool translateToPar(const Op* op, uint64_t virtualAddress, bool write, unsigned level);

  // Leaving a block. Handlers `return` these.

  /** The direct branch that ends the block. */
  void follow(const Op* op);
  /** A conditional branch in the middle of the block is taken: op->ra instructions behind it are not executed. */
  void leave(const Op* op) {
    slice_ += op->ra;
    return follow(op);
  }
  /** An indirect branch that ends the block. */
  void jump(uint64_t target);
  /** Back to the engine's loop, which looks at interrupts and everything else before it goes on at `nextPc`. */
  void stopBlock(const Op* op, uint64_t nextPc);
  /** Leaves run() with kDebug, before `op`. */
  void stopForDebug(const Op* op, const DebugHit& hit);
  bool stopsForDebug() const { return stopping_ && stop_ == Stop::kDebug; }

  /**
   * After something outside was reached: as next(), but if that has brought an interrupt or another request, it is
   * looked at before the next instruction.
   */
  void proceed(const Op* op) {
    if (attention_.load(std::memory_order_relaxed) != 0) return stopBlock(op, pcOf(op) + 4);
    return next(*this, op);
  }

  // Exceptions (exceptions.cc).

  /** Synchronous exception to EL1 in the middle of a block. */
  void raise(const Op* op, unsigned exceptionClass, uint32_t iss, uint64_t returnAddress);
  void dataAbortToEl1(const Op* op, uint64_t virtualAddress, uint32_t iss);
  void exceptionReturn(const Op* op);
  /** EC 0x18: an MSR, MRS or SYS at EL0 that EL1 wants to see. */
  void trapSystemAccess(const Op* op);

  // Traps to EL2 (exceptions.cc), which leave the block.

  void hypercall(const Op* op, uint16_t immediate);
  void secureCall(const Op* op, uint16_t immediate);
  void systemRegisterTrap(const Op* op, bool isWrite, uint64_t value);

  /** ISS of EC 0x18 for an MSR, MRS, SYS or SYSL (Arm ARM D17.2.37). */
  static uint32_t systemRegisterIss(uint32_t insn);

  Environment& environment() { return environment_; }
  SystemRegisters& system() { return system_; }
  /** Call before anything in the Environment is called from a handler: makes pc() and instructionCount() exact. */
  void synchronise(const Op* op) {
    currentOp_ = op;
    pc_ = pcOf(op);
  }

  /**
   * While it lives, the CPU executes no guest instruction and looks at its requests before it does again: for calls into
   * the Environment that may take long, by handlers that end their block.
   */
  class Outside {
   public:
    explicit Outside(Cpu& cpu) : executing_(cpu.executing_) { executing_.store(false); }
    ~Outside() { executing_.store(true); }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

   private:
    std::atomic<bool>& executing_;
  };

  uint32_t daif() const { return daif_; }
  void setDaif(uint32_t daif) { daif_ = daif & pstate::kDaif; }
  bool stackPointerSelect() const { return stackPointerSelect_; }
  /** Changes EL and SPSel together with everything that depends on them. */
  void setLevel(unsigned exceptionLevel, bool stackPointerSelect);
  void setBankedStackPointer(unsigned exceptionLevel, uint64_t value);

  /** SCTLR, TCR, TTBR or MAIR changed, or TLBI: drop what depends on them. */
  void translationChanged();
  /** SCTLR or CPACR changed. */
  void controlChanged();
  void invalidateCode();

 private:
  friend class BlockCache;

  static constexpr uint32_t kAttentionStop = 1, kAttentionIrq = 2, kAttentionTranslations = 4, kAttentionCode = 8;

  Stop runInside(uint64_t budget);
  Stop stepInside();
  void enter(Block* block);
  Block* find(uint64_t pc);
  Block* lookUp(uint64_t pc);
  void obeyAttention();
  void takeException(unsigned vectorOffset, uint64_t returnAddress);
  void takeInterrupt();
  void fetchAbortToEl1(uint64_t virtualAddress, uint32_t iss);
  void setTrapSyndrome(unsigned exceptionClass, uint32_t iss);
  void stopForGranule();
  void newEpoch();
  /** `page` holds decoded code from now on. */
  void guardWrites(const uint8_t* page);
  bool fillFetch(TlbEntry& entry, uint64_t address);
  bool isDeviceMemory(uint64_t virtualAddress);
  /** Remembers why run() must return; false unless the trap was handled. */
  bool obeyTrap(Trap trap);
  void rewind(const Op* op);

  bool loadSlow(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, unsigned level);
  bool storeSlow(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, unsigned level);
  bool loadAcrossPages(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, unsigned level);
  bool storeAcrossPages(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, unsigned level);
  const TlbEntry* entryFor(const Op* op, uint64_t virtualAddress, Access access, unsigned level);
  bool alignmentHolds(const Op* op, const TlbEntry& entry, uint64_t virtualAddress, unsigned sizeBytes, Access access);
  bool trapDataAbort(const Op* op, const TlbEntry& entry, uint64_t virtualAddress, unsigned sizeBytes, Access access);
  bool externalAbort(const Op* op, uint64_t virtualAddress, Access access);
  void forgetCodeAt(const TlbEntry& entry, uint64_t virtualAddress, unsigned sizeBytes, unsigned level);
  bool isWatchedPage(uint64_t virtualAddress) const;
  /** For pages with TlbEntry::kWatched: false if the access hits a watchpoint, and has not happened. */
  bool passesWatchpoints(const Op* op, uint64_t virtualAddress, unsigned sizeBytes, Access access);

  // What the hot path touches comes first.
  CpuState state_;
  Block* block_ = nullptr;
  int64_t slice_ = 0;
  uint64_t epoch_ = 0;
  std::atomic<uint32_t> attention_{0};
  uint32_t exceptionLevel_ = 1;
  TranslationTables* tables_ = nullptr;
  Block** jumpCache_ = nullptr;
  uint64_t stackCheckMask_ = 0;
  bool fpEnabled_ = false;
  bool stackPointerSelect_ = true;
  bool illegalState_ = false;
  uint32_t daif_ = pstate::kDaif;
  /** What loadSlow brought and storeSlow takes away. */
  VectorRegister transfer_{};

  std::array<TranslationTables, 2> tablesOfLevel_;
  uint64_t pc_ = 0;
  const Op* currentOp_ = nullptr;
  Link* pendingLink_ = nullptr;
  uint64_t generation_ = 1;
  int64_t granted_ = 0;
  uint64_t retired_ = 0;
  std::array<uint64_t, 2> bankedStackPointer_{};
  uint64_t trapSyndrome_ = 0;
  bool stopping_ = false;
  Stop stop_ = Stop::kRequested;
  std::atomic<bool> irqLine_{false};
  /** Guest instructions may be executed with what the TLB holds; false only if requests are looked at before. */
  std::atomic<bool> executing_{false};

  SystemRegisters system_;
  CpuIdentity identity_;
  Environment& environment_;
  std::unique_ptr<BlockCache> blocks_;
  CpuDebug debug_;


 public:
  struct Monitor {
    uint8_t* host = nullptr;
    unsigned sizeBytes = 0;
    uint64_t low = 0, high = 0;
  };
  /** The exclusive monitor: where the last load-exclusive read, and what. */
  Monitor monitor;
  /** SEV and SEVL set it, WFE consumes it. */
  bool eventRegister = false;

  static constexpr unsigned kJumpCacheEntries = 4096;
  static unsigned jumpSlot(uint64_t pc) { return static_cast<unsigned>(pc >> 2) % kJumpCacheEntries; }
};

inline void Cpu::enter(Block* block) {
  const int64_t left = slice_ - block->count;
  if (__builtin_expect(left < 0 || attention_.load(std::memory_order_relaxed) != 0, 0)) {
    pc_ = block->pc;
    block_ = nullptr;
    return;
  }
  slice_ = left;
  block_ = block;
  const Op* op = block->ops();
  return op->run(*this, op);
}

inline void Cpu::follow(const Op* op) {
  Link* link = reinterpret_cast<Link*>(op->imm);
  if (__builtin_expect(link->block->epoch == epoch_, 1)) return enter(link->block);
  pc_ = link->target;
  pendingLink_ = link;
  block_ = nullptr;
}

inline void Cpu::jump(uint64_t target) {
  Block* block = jumpCache_[jumpSlot(target)];
  if (__builtin_expect(block->pc == target && block->epoch == epoch_, 1)) return enter(block);
  pc_ = target;
  block_ = nullptr;
}

}  // namespace cellvisor::machine

#include "memory_access.h"
