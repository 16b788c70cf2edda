#include "machine/memory/stage2_map.h"

namespace cellvisor::machine {

namespace {
/** No supported CPU has more physical address bits (Arm ARM D8.1.6 without LPA). */
constexpr uint64_t kAddressLimit = uint64_t{1} << 48;
constexpr uint64_t kPageMask = kPageSizeBytes - 1;
}  // namespace

Stage2Map::Stage2Map(const std::vector<Region>& regions, const Ram& ram, const CommPage* commPage)
    : ram_(ram), commPage_(commPage) {
  for (const Region& region : regions) {
    // Sub-page regions are dispatched as traps (traps/sub_page.cc): the page itself stays as it is.
    if (region.sizeBytes == 0 || region.isSubPage()) continue;
    const uint64_t physical = region.physStart & ~kPageMask;
    if (region.sizeBytes > kAddressLimit || region.virtStart > kAddressLimit - region.sizeBytes ||
        physical > kAddressLimit - region.sizeBytes) {
      throw RangeViolation("memory region reaches beyond 48 address bits");
    }
    const bool isComm = (region.flags & region_flags::kCommRegion) != 0;
    // Only one page exists to communicate through; a larger region has nothing behind it.
    const uint64_t sizeBytes = isComm ? kPageSizeBytes : region.sizeBytes;
    overlay(region.virtStart, {region.virtStart + sizeBytes, physical, (region.flags & region_flags::kRead) != 0,
                               (region.flags & region_flags::kWrite) != 0, isComm});
  }
}

void Stage2Map::overlay(uint64_t start, const Entry& entry) {
  auto it = entries_.upper_bound(start);
  if (it != entries_.begin()) --it;
  while (it != entries_.end() && it->first < entry.end) {
    const uint64_t oldStart = it->first;
    const Entry old = it->second;
    if (old.end <= start) {
      ++it;
      continue;
    }
    it = entries_.erase(it);
    if (oldStart < start) {
      Entry head = old;
      head.end = start;
      entries_.emplace(oldStart, head);
    }
    if (old.end > entry.end) {
      Entry tail = old;
      tail.physical += entry.end - oldStart;
      it = entries_.emplace(entry.end, tail).first;
      break;
    }
  }
  entries_.emplace(start, entry);
}

Stage2Map::Entries::const_iterator Stage2Map::find(uint64_t intermediateAddress) const {
  auto it = entries_.upper_bound(intermediateAddress);
  if (it == entries_.begin()) return entries_.end();
  --it;
  return intermediateAddress < it->second.end ? it : entries_.end();
}

Stage2Page Stage2Map::lookup(uint64_t intermediateAddress) const {
  Stage2Page page;
  const auto it = find(intermediateAddress);
  if (it == entries_.end()) return page;
  const Entry& entry = it->second;
  page.readable = entry.readable;
  page.writable = entry.writable;
  if (entry.isCommPage) {
    page.kind = Stage2Page::Kind::kRam;
    page.host = commPage_->host();
    return page;
  }
  page.physical = entry.physical + ((intermediateAddress & ~kPageMask) - it->first);
  page.host = ram_.find(page.physical, kPageSizeBytes);
  page.kind = page.host != nullptr ? Stage2Page::Kind::kRam : Stage2Page::Kind::kDevice;
  return page;
}

bool Stage2Map::anyWithin(uint64_t start, uint64_t end) const {
  const auto next = entries_.lower_bound(start);
  return find(start) != entries_.end() || (next != entries_.end() && next->first < end);
}

unsigned Stage2Map::faultLevel(uint64_t intermediateAddress) const {
  const auto it = find(intermediateAddress);
  for (unsigned level = 1; level < 3; level++) {
    const uint64_t blockSize = uint64_t{1} << (level == 1 ? 30 : 21);
    const uint64_t block = intermediateAddress & ~(blockSize - 1);
    const bool isLeaf = it == entries_.end()
                            ? !anyWithin(block, block + blockSize)
                            : it->first <= block && it->second.end - block >= blockSize &&
                                  ((it->second.physical - it->first) & (blockSize - 1)) == 0;
    if (isLeaf) return level;
  }
  return 3;
}

}  // namespace cellvisor::machine
