#include "debug.h"

#include <algorithm>

#include "block_cache.h"
#include "cpu.h"
#include "mmu.h"

// What a debugger needs of the core. Breakpoints are decoded into the blocks and watched pages keep the inline paths of
// memory_access.h away, so a core without any of them does no more than one that knows none.

namespace cellvisor::machine {

void Cpu::setBreakpoints(std::vector<uint64_t> addresses) {
  std::sort(addresses.begin(), addresses.end());
  blocks_->setBreakpoints(std::move(addresses));
  newEpoch();
}

/**
 * The exclusive monitor stays: a debugger takes its watchpoints away to execute the store that hit one, and a
 * store-exclusive must not fail for that.
 */
void Cpu::setWatchpoints(std::vector<Watchpoint> watchpoints) {
  debug_.watchpoints = std::move(watchpoints);
  for (TranslationTables& tables : tablesOfLevel_) {
    tables.read.clear();
    tables.write.clear();
  }
}

Cpu::Stop Cpu::step() {
  executing_.store(true);
  const Stop stop = stepInside();
  executing_.store(false);
  return stop;
}

Cpu::Stop Cpu::stepInside() {
  if (attention_.load() != 0) obeyAttention();
  if (!stopping_) {
    Block* block = illegalState_ ? nullptr : find(pc_);
    if (illegalState_) raise(nullptr, 0x0e, 0, pc_);
    granted_ = slice_ = 1;
    if (block == nullptr) {
      slice_ = 0;
    } else {
      block = blocks_->once(block->pc, block->exceptionLevel, block->page, 1, BlockCache::Breakpoints::kPassed);
      // Not enter(): a request that came meanwhile is for the next step.
      slice_ = 0;
      block_ = block;
      const Op* op = block->ops();
      op->run(*this, op);
    }
    pendingLink_ = nullptr;
    retired_ += static_cast<uint64_t>(granted_ - slice_);
    granted_ = slice_ = 0;
  }
  if (!stopping_) return Stop::kBudget;
  stopping_ = false;
  return stop_;
}

void Cpu::stopForDebug(const Op* op, const DebugHit& hit) {
  debug_.hit = hit;
  stopping_ = true;
  stop_ = Stop::kDebug;
  const uint64_t pc = pcOf(op);
  rewind(op);
  slice_++;  // it was not executed
  pc_ = pc;
}

bool Cpu::isWatchedPage(uint64_t tagged) const {
  const uint64_t page = withoutTag(system_, tagged) & kPageMask;
  return std::any_of(debug_.watchpoints.begin(), debug_.watchpoints.end(), [page](const Watchpoint& watch) {
    return watch.firstByte <= page + (kPageSize - 1) && watch.lastByte >= page;
  });
}

bool Cpu::passesWatchpoints(const Op* op, uint64_t tagged, unsigned sizeBytes, Access access) {
  const uint64_t first = withoutTag(system_, tagged), last = first + (sizeBytes - 1);
  for (const Watchpoint& watch : debug_.watchpoints) {
    if (!(access == Access::kWrite ? watch.onWrite : watch.onRead)) continue;
    if (watch.firstByte > last || watch.lastByte < first) continue;
    stopForDebug(op, {DebugHit::Kind::kWatchpoint, std::max(first, watch.firstByte), access == Access::kWrite});
    return false;
  }
  return true;
}

bool Cpu::setSpsr(uint32_t value) {
  const unsigned mode = value & 0x1f;
  if (mode != 0 && mode != 4 && mode != 5) return false;
  state_.setNzcv(value);
  setDaif(value);
  setLevel(mode >> 2, mode & 1);
  return true;
}

void Cpu::setPc(uint64_t value) {
  pc_ = value;
  pendingLink_ = nullptr;
}

}  // namespace cellvisor::machine
