#include <algorithm>
#include <thread>

#include "block_cache.h"
#include "cpu.h"
#include "mmu.h"

// The loop that finds blocks. Inside a block ops call each other, and from block to block a known branch needs no loop
// either; it is reached again when a slice is used up, a branch leads to an unknown place, or something happened.

namespace cellvisor::machine {
namespace {

/** Instructions between two looks at the loop. Without tail calls every one of them may cost stack. */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr uint64_t kSliceInstructions = 4096;
#else
constexpr uint64_t kSliceInstructions = 512;
#endif

}  // namespace

Cpu::Cpu(const CpuIdentity& identity, Environment& environment)
    : identity_(identity), environment_(environment), blocks_(std::make_unique<BlockCache>()) {
  jumpCache_ = blocks_->recent();
  reset({});
}

Cpu::~Cpu() = default;

void Cpu::reset(const ResetState& state) {
  state_ = CpuState{};
  state_.x[1] = state.context;
  system_ = SystemRegisters{};
  system_.sctlr = 0x30d00800;
  system_.cpacr = state.cpacr;
  bankedStackPointer_ = {};
  monitor = Monitor{};
  eventRegister = false;
  illegalState_ = false;
  daif_ = pstate::kDaif;
  pc_ = state.entry;
  block_ = nullptr;
  pendingLink_ = nullptr;
  stopping_ = false;
  trapSyndrome_ = 0;
  blocks_->clear();
  translationChanged();
  setLevel(1, true);
}

Cpu::Stop Cpu::run(uint64_t budget) {
  executing_.store(true);
  const Stop stop = runInside(budget);
  executing_.store(false);
  return stop;
}

Cpu::Stop Cpu::runInside(uint64_t budget) {
  for (uint64_t left = budget;;) {
    // Sequentially consistent, against awaitInvalidate: either it sees executing_, or its request is seen here.
    if (attention_.load() != 0) obeyAttention();
    if (stopping_) {
      stopping_ = false;
      return stop_;
    }
    if (left == 0) return Stop::kBudget;
    if (irqLine() && !(daif_ & pstate::kI)) takeInterrupt();

    Link* const link = pendingLink_;
    pendingLink_ = nullptr;
    const uint64_t clears = blocks_->clears();
    Block* block = illegalState_ ? nullptr : find(pc_);
    if (illegalState_) raise(nullptr, 0x0e, 0, pc_);
    if (block == nullptr) {
      // The fetch ended in an exception or trap, which counts as one instruction: a run always comes to its end.
      retired_++;
      left--;
      continue;
    }
    if (link != nullptr && link->target == block->pc && clears == blocks_->clears()) link->block = block;

    granted_ = static_cast<int64_t>(std::min(left, kSliceInstructions));
    slice_ = granted_;
    if (block->count > slice_) {
      block = blocks_->once(block->pc, block->exceptionLevel, block->page, static_cast<unsigned>(slice_));
    }
    enter(block);
    const uint64_t done = static_cast<uint64_t>(granted_ - slice_);
    retired_ += done;
    left -= done;
    granted_ = slice_ = 0;
  }
}

Block* Cpu::find(uint64_t address) {
  Block* block = jumpCache_[jumpSlot(address)];
  return block->pc == address && block->epoch == epoch_ ? block : lookUp(address);
}

Block* Cpu::lookUp(uint64_t tagged) {
  const uint64_t address = withoutTag(system_, tagged);
  pc_ = address;
  if (address % 4 != 0) {
    system_.far = address;
    raise(nullptr, 0x22, 0, address);
    return nullptr;
  }
  TlbEntry& entry = tables_->fetch.at(address);
  if (!entry.holdsPage(address) && !fillFetch(entry, address)) return nullptr;
  const uint8_t* page = entry.host(address & kPageMask);
  Block* block = blocks_->find(address, exceptionLevel_, page);
  if (const uint8_t* newPage = blocks_->takeNewCodePage()) guardWrites(newPage);
  block->epoch = epoch_;
  jumpCache_[jumpSlot(address)] = block;
  return block;
}

void Cpu::guardWrites(const uint8_t* page) {
  for (TranslationTables& tables : tablesOfLevel_) {
    for (TlbEntry& entry : tables.write.entries()) {
      if ((entry.tag & (TlbEntry::kDevice | TlbEntry::kTrap)) == 0 && entry.host(entry.tag & kPageMask) == page) {
        entry.tag |= TlbEntry::kCode;
      }
    }
  }
}

void Cpu::obeyAttention() {
  const uint32_t requests = attention_.exchange(0, std::memory_order_acq_rel);
  if (requests & kAttentionTranslations) translationChanged();
  if (requests & kAttentionCode) invalidateCode();
  if ((requests & kAttentionStop) && !stopping_) {
    stopping_ = true;
    stop_ = Stop::kRequested;
  }
}

void Cpu::requestStop() { attention_.fetch_or(kAttentionStop, std::memory_order_acq_rel); }

void Cpu::setIrqLine(bool level) {
  irqLine_.store(level, std::memory_order_release);
  if (level) attention_.fetch_or(kAttentionIrq, std::memory_order_acq_rel);
}

void Cpu::requestInvalidate(bool translations, bool instructions) {
  attention_.fetch_or((translations ? kAttentionTranslations : 0) | (instructions ? kAttentionCode : 0));
}

void Cpu::awaitInvalidate() const {
  while (executing_.load() && (attention_.load() & kAttentionTranslations)) std::this_thread::yield();
}

uint64_t Cpu::instructionCount() const {
  const uint64_t granted = retired_ + static_cast<uint64_t>(granted_ - slice_);
  return block_ == nullptr ? granted : granted - block_->count + static_cast<uint64_t>(currentOp_ - block_->ops());
}

void Cpu::rewind(const Op* op) {
  slice_ += block_->count - (op - block_->ops()) - 1;
  block_ = nullptr;
}

void Cpu::stopBlock(const Op* op, uint64_t nextPc) {
  rewind(op);
  pc_ = nextPc;
}

void Cpu::translationChanged() {
  for (TranslationTables& tables : tablesOfLevel_) {
    tables.read.clear();
    tables.write.clear();
    tables.fetch.clear();
  }
  // An exclusive access ends up in the same memory or fails: the monitor must not outlive the translation.
  monitor = Monitor{};
  newEpoch();
}

void Cpu::invalidateCode() {
  blocks_->distrust();
  newEpoch();
}

void Cpu::newEpoch() {
  generation_++;
  epoch_ = generation_ * 2 + exceptionLevel_;
}

}  // namespace cellvisor::machine
