#include "block_cache.h"

#include <algorithm>
#include <cstring>

#include "decode/decode.h"
#include "cpu.h"

namespace cellvisor::machine {
namespace {

/** Stands wherever no block is known yet: no address is odd, and no epoch is 0. */
Block noBlock{1, 0, 0, 0, nullptr, 0, nullptr, nullptr};

/** Closes a block that ended for want of room or at the page's end; `imm` is a Link. */
void goOn(Cpu& cpu, const Op* op) { return cpu.follow(op); }

/** In place of an instruction with a breakpoint. */
void breakpoint(Cpu& cpu, const Op* op) {
  return cpu.stopForDebug(op, {DebugHit::Kind::kBreakpoint, cpu.pcOf(op), false});
}

constexpr size_t kMaxBlockBytes =
    sizeof(Block) + (Block::kMaxInstructions + 1) * sizeof(Op) + (Block::kMaxInstructions + 1) * sizeof(Link);

/** After so many writes into code, blocks of the page end at every branch: they may have taken data for code. */
constexpr unsigned kManyHits = 8;

/**
 * Decodes into `storage`, which has room for kMaxBlockBytes. Returns the bytes used. What follows a conditional branch
 * belongs to the block unless `narrow`. `breakpoints` are sorted.
 */
size_t build(std::byte* storage, uint64_t pc, unsigned exceptionLevel, const uint8_t* page, unsigned limit, bool narrow,
             const std::vector<uint64_t>& breakpoints) {
  Block* block = new (storage) Block{pc, 0, 0, exceptionLevel, page, 0, nullptr, nullptr};
  const unsigned toPageEnd = static_cast<unsigned>((kPageSize - pc % kPageSize) / 4);
  const unsigned most = limit < toPageEnd ? limit : toPageEnd;
  Op* ops = block->ops();
  std::array<uint8_t, Block::kMaxInstructions + 1> leaves;
  unsigned leaveCount = 0, n = 0;
  bool open = true;
  while (open && n < most) {
    uint32_t insn;
    std::memcpy(&insn, page + (pc + n * 4) % kPageSize, sizeof insn);
    Flow flow = decode(insn, pc + n * 4, *new (&ops[n]) Op{});
    if (std::binary_search(breakpoints.begin(), breakpoints.end(), pc + n * 4)) {
      ops[n].run = breakpoint;
      flow = Flow::kEnd;
    }
    if (flow == Flow::kConditional || flow == Flow::kDirect) leaves[leaveCount++] = static_cast<uint8_t>(n);
    open = flow == Flow::kNext || flow == Flow::kConditional;
    n++;
    if (flow == Flow::kConditional && narrow) break;
  }
  block->count = n;
  unsigned opCount = n;
  if (open) {
    Op& last = *new (&ops[opCount]) Op{};
    last.run = goOn;
    last.imm = pc + n * 4;
    leaves[leaveCount++] = static_cast<uint8_t>(opCount++);
  }
  Link* links = reinterpret_cast<Link*>(ops + opCount);
  for (unsigned i = 0; i < leaveCount; i++) {
    Op& op = ops[leaves[i]];
    Link* link = new (&links[i]) Link{op.imm, &noBlock};
    op.imm = reinterpret_cast<uint64_t>(link);
    if (leaves[i] < n) op.ra = static_cast<uint8_t>(n - 1 - leaves[i]);
  }
  return sizeof(Block) + opCount * sizeof(Op) + leaveCount * sizeof(Link);
}

bool overlaps(const Block& block, unsigned firstWord, unsigned lastWord) {
  const unsigned start = static_cast<unsigned>(block.pc % kPageSize / 4);
  return start <= lastWord && start + block.count > firstWord;
}

}  // namespace

BlockCache::BlockCache() : onceStorage_(std::make_unique<Chunk>()) {
  chunks_.push_back(std::make_unique<Chunk>());
  clear();
}

void BlockCache::clear() {
  recent_.fill(&noBlock);
  buckets_.fill(nullptr);
  pages_.clear();
  newCodePage_ = nullptr;
  chunk_ = 0;
  used_ = 0;
  clears_++;
}

unsigned BlockCache::bucketOf(uint64_t pc, const uint8_t* page) {
  return static_cast<unsigned>((pc >> 2) ^ (reinterpret_cast<uintptr_t>(page) >> 12)) % kBuckets;
}

std::byte* BlockCache::reserve(size_t size) {
  if (used_ + size > kChunkBytes) {
    used_ = 0;
    if (++chunk_ == kMaxChunks) clear();
    if (chunk_ == chunks_.size()) chunks_.push_back(std::make_unique<Chunk>());
  }
  return chunks_[chunk_]->bytes.data() + used_;
}

Block* BlockCache::find(uint64_t pc, unsigned exceptionLevel, const uint8_t* page) {
  const unsigned bucket = bucketOf(pc, page);
  for (Block* block = buckets_[bucket]; block != nullptr; block = block->nextInBucket) {
    if (block->pc != pc || block->page != page || block->exceptionLevel != exceptionLevel) continue;
    if (block->verified == verification_) return block;
    if (stillHolds(*block)) {
      block->verified = verification_;
      return block;
    }
    distrust(page, 0, kPageSize);
    break;
  }
  std::byte* storage = reserve(kMaxBlockBytes);
  CodePage& codePage = pages_[page];
  used_ += build(storage, pc, exceptionLevel, page, Block::kMaxInstructions, codePage.hits > kManyHits, breakpoints_);
  Block* block = reinterpret_cast<Block*>(storage);
  block->verified = verification_;
  block->nextInBucket = buckets_[bucket];
  buckets_[bucket] = block;

  if (codePage.blocks == nullptr) newCodePage_ = page;
  block->nextInPage = codePage.blocks;
  codePage.blocks = block;
  const unsigned first = static_cast<unsigned>(pc % kPageSize / 4);
  for (unsigned n = first; n < first + block->count; n++) codePage.words[n / 64] |= uint64_t{1} << (n % 64);
  return block;
}

Block* BlockCache::once(uint64_t pc, unsigned exceptionLevel, const uint8_t* page, unsigned count,
                        Breakpoints breakpoints) {
  static const std::vector<uint64_t> kNone;
  build(onceStorage_->bytes.data(), pc, exceptionLevel, page, count, false,
        breakpoints == Breakpoints::kPassed ? kNone : breakpoints_);
  return reinterpret_cast<Block*>(onceStorage_->bytes.data());
}

void BlockCache::setBreakpoints(std::vector<uint64_t> addresses) {
  breakpoints_ = std::move(addresses);
  clear();
}

const uint8_t* BlockCache::takeNewCodePage() {
  const uint8_t* page = newCodePage_;
  newCodePage_ = nullptr;
  return page;
}

bool BlockCache::hasCode(const uint8_t* page) const {
  const auto found = pages_.find(page);
  return found != pages_.end() && found->second.blocks != nullptr;
}

bool BlockCache::written(const uint8_t* page, unsigned offset, unsigned size) {
  const auto found = pages_.find(page);
  if (found == pages_.end()) return false;
  CodePage& codePage = found->second;
  const unsigned first = offset / 4, last = (offset + size - 1) / 4;
  bool hit = false;
  for (unsigned n = first; n <= last; n++) hit = hit || ((codePage.words[n / 64] >> (n % 64)) & 1);
  if (hit) {
    codePage.hits++;
    forget(codePage, first, last);
  }
  return codePage.blocks != nullptr;
}

void BlockCache::distrust(const uint8_t* page, unsigned offset, unsigned size) {
  const auto found = pages_.find(page);
  if (found == pages_.end()) return;
  const unsigned first = offset / 4, last = (offset + size - 1) / 4;
  for (Block** inPage = &found->second.blocks; *inPage != nullptr;) {
    if (overlaps(**inPage, first, last) && !stillHolds(**inPage)) {
      remove(inPage);
    } else {
      inPage = &(*inPage)->nextInPage;
    }
  }
}

bool BlockCache::stillHolds(const Block& block) const {
  for (unsigned n = 0; n < block.count; n++) {
    uint32_t insn;
    std::memcpy(&insn, block.page + block.pc % kPageSize + n * 4, sizeof insn);
    if (insn != block.ops()[n].insn) return false;
  }
  return true;
}

void BlockCache::forget(CodePage& page, unsigned first, unsigned last) {
  for (Block** inPage = &page.blocks; *inPage != nullptr;) {
    if (overlaps(**inPage, first, last)) {
      remove(inPage);
    } else {
      inPage = &(*inPage)->nextInPage;
    }
  }
  for (unsigned n = first; n <= last; n++) page.words[n / 64] &= ~(uint64_t{1} << (n % 64));
}

void BlockCache::remove(Block** inPage) {
  Block* block = *inPage;
  *inPage = block->nextInPage;
  Block** inBucket = &buckets_[bucketOf(block->pc, block->page)];
  while (*inBucket != block) inBucket = &(*inBucket)->nextInBucket;
  *inBucket = block->nextInBucket;
  block->epoch = 0;
}

}  // namespace cellvisor::machine
