#pragma once

#include <cstring>

#include "machine/config.h"
#include "machine/memory/guest_copy.h"
#include "machine/memory/guest_races.h"
#include "machine/memory/mapping.h"

namespace cellvisor::machine {

/** A cell's communication page (jailhouse-abi reference 4.5). It is the hypervisor's, not part of the board's RAM. */
class CommPage {
 public:
  static constexpr unsigned kCellStateOffset = 8;
  static constexpr uint32_t kStateFailed = 3;

  CommPage() : mapping_(kPageSizeBytes) { guestsMayRace(mapping_.data(), mapping_.sizeBytes()); }

  uint8_t* host() const { return mapping_.data(); }

  /** `offset` must be a multiple of 4 below 4096. */
  uint32_t word(unsigned offset) const { return __atomic_load_n(wordAt(offset), __ATOMIC_ACQUIRE); }
  void setWord(unsigned offset, uint32_t value) { __atomic_store_n(wordAt(offset), value, __ATOMIC_RELEASE); }

  /** Zeroes the page and puts `bytes` at its start. */
  void fill(const uint8_t* bytes, size_t lengthBytes) {
    uint8_t page[kPageSizeBytes] = {};
    if (lengthBytes > 0) std::memcpy(page, bytes, lengthBytes);
    copyToGuest(host(), page, kPageSizeBytes);
  }

 private:
  uint32_t* wordAt(unsigned offset) const { return reinterpret_cast<uint32_t*>(host() + offset); }

  Mapping mapping_;
};

}  // namespace cellvisor::machine
