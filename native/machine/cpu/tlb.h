#pragma once

#include <array>
#include <cstdint>

namespace cellvisor::machine {

constexpr uint64_t kPageSize = 4096;
constexpr uint64_t kPageMask = ~(kPageSize - 1);

/**
 * One cached translation of a 4 KiB page. The page number sits in bits 63..12 of `tag` as the guest wrote it (an ignored
 * top byte included); the low bits say what is special about the page. Any of the slow bits keeps the inline path away.
 */
struct TlbEntry {
  /** Accesses must be naturally aligned: Device memory or SCTLR_EL1.A. Same value as the largest size - 1. */
  static constexpr uint64_t kAligned = 0xf;
  /** RAM that holds decoded code: a write must look whether it changes an instruction. */
  static constexpr uint64_t kCode = 0x10;
  /** A passed-through device; `addend` leads to the physical address. */
  static constexpr uint64_t kDevice = 0x20;
  /** Stage 2 maps nothing; `addend` leads to the intermediate physical address. */
  static constexpr uint64_t kTrap = 0x40;
  /** With kTrap: stage 2 maps the page but forbids the access. */
  static constexpr uint64_t kTrapPermission = 0x80;
  /** A debugger watches bytes of the page. */
  static constexpr uint64_t kWatched = 0x100;

  uint64_t tag;
  /** Host address, physical address or IPA of virtual address 0 of this mapping, modulo 2^64. */
  uint64_t addend;

  /**
   * True if `sizeBytes` at `address` may go straight to host memory. An access that crosses the page end computes the
   * next page's number, which never is in this slot.
   */
  bool admits(uint64_t address, unsigned sizeBytes, unsigned alignBytes) const {
    const uint64_t difference = ((address + (sizeBytes - 1)) & kPageMask) ^ tag;
    return (difference & ((address & (alignBytes - 1)) | ~kAligned)) == 0;
  }
  bool holdsPage(uint64_t address) const { return ((address ^ tag) & kPageMask) == 0; }
  uint8_t* host(uint64_t address) const { return reinterpret_cast<uint8_t*>(static_cast<uintptr_t>(address + addend)); }
};

/** Direct-mapped translations of one access kind. */
class TlbTable {
 public:
  static constexpr uint64_t kEntries = 256;

  TlbTable() { clear(); }
  TlbEntry& at(uint64_t address) { return entries_[(address / kPageSize) % kEntries]; }
  /** Every entry gets the tag of a page that belongs to another slot, and is not the next slot's page either. */
  void clear() {
    for (uint64_t n = 0; n < kEntries; n++) entries_[n] = {(n ^ (kEntries / 2)) * kPageSize, 0};
  }
  std::array<TlbEntry, kEntries>& entries() { return entries_; }

 private:
  std::array<TlbEntry, kEntries> entries_;
};

/** What one exception level sees. */
struct TranslationTables {
  TlbTable read, write, fetch;
};

}  // namespace cellvisor::machine
