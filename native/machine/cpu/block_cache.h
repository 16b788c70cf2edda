#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "block.h"
#include "tlb.h"

namespace cellvisor::machine {

class Cpu;

/**
 * Decoded blocks of one CPU. A block is found by address, exception level and the host page it came from, so that it
 * survives a change of translation; bytes that blocks were decoded from are remembered, so that writes drop them.
 */
class BlockCache {
 public:
  BlockCache();

  /** The block at `pc`, whose page is at `page` in host memory; decoded now if need be. */
  Block* find(uint64_t pc, unsigned exceptionLevel, const uint8_t* page);
  /** kPassed: a debugger steps, and wants the instruction below a breakpoint executed. */
  enum class Breakpoints { kObeyed, kPassed };
  /** A block of at most `count` instructions that is used once. Stays intact until the next call. */
  Block* once(uint64_t pc, unsigned exceptionLevel, const uint8_t* page, unsigned count,
              Breakpoints breakpoints = Breakpoints::kObeyed);
  /** Sorted virtual addresses. Drops every block. */
  void setBreakpoints(std::vector<uint64_t> addresses);

  void clear();
  /** How often everything was dropped: a Link from before the last time is gone. */
  uint64_t clears() const { return clears_; }
  /** Memory may have changed unseen: every block is compared with its words before it is found again. */
  void distrust() { verification_++; }
  /** The same at once for the blocks that hold any of `size` bytes of `page` from `offset`. */
  void distrust(const uint8_t* page, unsigned offset, unsigned size);

  /** True the first time a page gets code, until asked again: write translations of the page must then be guarded. */
  const uint8_t* takeNewCodePage();
  bool hasCode(const uint8_t* page) const;
  /** `size` bytes of `page` from `offset` are overwritten. True if the page still holds code afterwards. */
  bool written(const uint8_t* page, unsigned offset, unsigned size);

  /** Recently executed blocks by address; absent ones are a block that never matches. */
  Block** recent() { return recent_.data(); }

 private:
  static constexpr unsigned kRecent = 4096, kBuckets = 8192;
  static constexpr size_t kChunkBytes = 64 * 1024, kMaxChunks = 160;
  struct Chunk {
    alignas(16) std::array<std::byte, kChunkBytes> bytes;
  };
  struct CodePage {
    /** A bit for each word that some block holds or has held. */
    std::array<uint64_t, kPageSize / 4 / 64> words{};
    Block* blocks = nullptr;
    /** How often a write has hit a block. */
    unsigned hits = 0;
  };

  static unsigned bucketOf(uint64_t pc, const uint8_t* page);
  std::byte* reserve(size_t size);
  bool stillHolds(const Block& block) const;
  /** Takes the page's blocks that hold a word from `first` to `last` out of everything. */
  void forget(CodePage& page, unsigned first, unsigned last);
  void remove(Block** inPage);

  std::vector<std::unique_ptr<Chunk>> chunks_;
  size_t chunk_ = 0, used_ = 0;
  uint64_t clears_ = 0, verification_ = 0;
  std::array<Block*, kRecent> recent_;
  std::array<Block*, kBuckets> buckets_{};
  std::unordered_map<const uint8_t*, CodePage> pages_;
  const uint8_t* newCodePage_ = nullptr;
  std::unique_ptr<Chunk> onceStorage_;
  std::vector<uint64_t> breakpoints_;
};

}  // namespace cellvisor::machine
