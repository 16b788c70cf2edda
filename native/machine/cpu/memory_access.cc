#include "memory_access.h"

#include "block_cache.h"
#include "loadstore/syndrome.h"
#include "mmu.h"

// What the inline paths of memory_access.h leave over: TLB misses, devices, traps, pages with code, page crossings.

namespace cellvisor::machine {
namespace {

constexpr uint32_t kWriteNotRead = 1u << 6, kTableWalk = 1u << 7, kCacheMaintenance = 1u << 8;
/** Stage-2 faults are reported at level 3: stage 2 is a list of pages. */
constexpr uint32_t kStage2Level = 3;
constexpr uint64_t kZeroBlockBytes = 64, kCacheLineBytes = 64;

bool crossesPage(uint64_t address, unsigned sizeBytes) { return (address & ~kPageMask) + sizeBytes > kPageSize; }

uint32_t accessBits(Access access) {
  if (access == Access::kMaintain) return kCacheMaintenance | kWriteNotRead;
  return access == Access::kWrite ? kWriteNotRead : 0;
}

bool permits(const Stage1& page, Access access) {
  return access == Access::kFetch ? page.executable : access == Access::kWrite ? page.writable : page.readable;
}

TlbEntry entryOf(uint64_t address, uint64_t flags, uint64_t target) {
  const uint64_t page = address & kPageMask;
  return {page | flags, target - page};
}

}  // namespace

bool Cpu::fillFetch(TlbEntry& entry, uint64_t address) {
  const Stage1 page = walkStage1(system_, environment_, address, exceptionLevel_);
  uint64_t blocked = page.intermediateAddress;
  uint32_t status = kTableWalk | (page.stage2Permission ? fault::kPermission : fault::kTranslation);
  switch (page.result) {
    case Stage1::Result::kFault:
      fetchAbortToEl1(address, page.status);
      return false;
    case Stage1::Result::kGranule:
      stopForGranule();
      return false;
    case Stage1::Result::kPage: {
      if (!page.executable) {
        fetchAbortToEl1(address, fault::kPermission + page.level);
        return false;
      }
      const Stage2Page memory = environment_.stage2(page.intermediateAddress);
      if (memory.kind == Stage2Page::Kind::kRam && memory.readable) {
        entry = entryOf(address, 0, reinterpret_cast<uintptr_t>(memory.host));
        return true;
      }
      if (memory.kind == Stage2Page::Kind::kDevice) {
        fetchAbortToEl1(address, fault::kExternal);
        return false;
      }
      blocked |= address & ~kPageMask;
      status = memory.kind == Stage2Page::Kind::kRam ? fault::kPermission : fault::kTranslation;
      break;
    }
    case Stage1::Result::kStage2: break;
  }
  setTrapSyndrome(0x20, status + kStage2Level);
  if (obeyTrap(environment_.instructionAbort(*this, address, blocked))) pc_ = address + 4;
  return false;
}

const TlbEntry* Cpu::entryFor(const Op* op, uint64_t address, Access access, unsigned level) {
  TranslationTables& tables = tablesOfLevel_[level];
  TlbEntry& entry = (access == Access::kWrite ? tables.write : tables.read).at(address);
  if (entry.holdsPage(address)) return &entry;

  synchronise(op);
  const Stage1 page = walkStage1(system_, environment_, address, level);
  switch (page.result) {
    case Stage1::Result::kFault:
      dataAbortToEl1(op, address, page.status | accessBits(access));
      return nullptr;
    case Stage1::Result::kGranule:
      stopForGranule();
      stopBlock(op, pc_);
      return nullptr;
    case Stage1::Result::kStage2: {
      DataAbort abort;
      abort.virtualAddress = address;
      abort.intermediateAddress = page.intermediateAddress;
      abort.isWrite = access == Access::kWrite;
      abort.duringTableWalk = true;
      abort.cacheMaintenance = access == Access::kMaintain;
      abort.permissionFault = page.stage2Permission;
      setTrapSyndrome(0x24, accessBits(access) | kTableWalk | kStage2Level |
                                (abort.permissionFault ? fault::kPermission : fault::kTranslation));
      const bool handled = obeyTrap(environment_.dataAbort(*this, abort));
      stopBlock(op, handled ? pc_ + 4 : pc_);
      return nullptr;
    }
    case Stage1::Result::kPage: break;
  }
  if (!permits(page, access)) {
    dataAbortToEl1(op, address, (fault::kPermission + page.level) | accessBits(access));
    return nullptr;
  }

  const Stage2Page memory = environment_.stage2(page.intermediateAddress);
  uint64_t flags = page.device || (system_.sctlr & sctlr::kA) ? TlbEntry::kAligned : 0;
  const bool permitted = access == Access::kWrite ? memory.writable : memory.readable;
  if (memory.kind == Stage2Page::Kind::kFault || !permitted) {
    flags |= TlbEntry::kTrap | (memory.kind == Stage2Page::Kind::kFault ? 0 : TlbEntry::kTrapPermission);
    entry = entryOf(address, flags, page.intermediateAddress);
  } else if (memory.kind == Stage2Page::Kind::kDevice) {
    entry = entryOf(address, flags | TlbEntry::kAligned | TlbEntry::kDevice, memory.physical & kPageMask);
  } else {
    if (access == Access::kWrite && blocks_->hasCode(memory.host)) flags |= TlbEntry::kCode;
    entry = entryOf(address, flags, reinterpret_cast<uintptr_t>(memory.host));
  }
  if (isWatchedPage(address)) entry.tag |= TlbEntry::kWatched;
  return &entry;
}

bool Cpu::requireAligned(const Op* op, uint64_t address, unsigned sizeBytes, Access access) {
  if ((address & (sizeBytes - 1)) == 0) return true;
  dataAbortToEl1(op, address, fault::kAlignment | accessBits(access));
  return false;
}

bool Cpu::alignmentHolds(const Op* op, const TlbEntry& entry, uint64_t address, unsigned sizeBytes, Access access) {
  return !(entry.tag & TlbEntry::kAligned) || requireAligned(op, address, sizeBytes, access);
}

bool Cpu::trapDataAbort(const Op* op, const TlbEntry& entry, uint64_t address, unsigned sizeBytes, Access access) {
  synchronise(op);
  const Syndrome syndrome = access == Access::kMaintain ? Syndrome{} : syndromeOf(op->insn);
  DataAbort abort;
  abort.virtualAddress = address;
  abort.intermediateAddress = address + entry.addend;
  abort.isWrite = access == Access::kWrite;
  abort.syndromeValid = syndrome.valid;
  abort.cacheMaintenance = access == Access::kMaintain;
  abort.permissionFault = entry.tag & TlbEntry::kTrapPermission;
  abort.sizeBytes = sizeBytes;
  abort.signExtend = syndrome.signExtend;
  abort.is64 = syndrome.is64;
  abort.registerNumber = syndrome.registerNumber;
  if (abort.isWrite) {
    abort.value = transfer_.d[0];
    if (sizeBytes < 8) abort.value &= (uint64_t{1} << (8 * sizeBytes)) - 1;
  }
  setTrapSyndrome(0x24, syndrome.iss() | accessBits(access) | kStage2Level |
                            (abort.permissionFault ? fault::kPermission : fault::kTranslation));
  const uint64_t pc = pc_;
  if (!obeyTrap(environment_.dataAbort(*this, abort))) {
    stopBlock(op, pc);
    return false;
  }
  transfer_.d = {abort.value, 0};
  return true;
}

bool Cpu::externalAbort(const Op* op, uint64_t address, Access access) {
  dataAbortToEl1(op, address, fault::kExternal | accessBits(access));
  return false;
}

bool Cpu::loadSlow(const Op* op, uint64_t address, unsigned sizeBytes, unsigned level) {
  if (crossesPage(address, sizeBytes)) return loadAcrossPages(op, address, sizeBytes, level);
  const TlbEntry* entry = entryFor(op, address, Access::kRead, level);
  if (entry == nullptr || !alignmentHolds(op, *entry, address, sizeBytes, Access::kRead)) return false;
  if ((entry->tag & TlbEntry::kWatched) && !passesWatchpoints(op, address, sizeBytes, Access::kRead)) return false;
  if (entry->tag & TlbEntry::kTrap) return trapDataAbort(op, *entry, address, sizeBytes, Access::kRead);
  if (!(entry->tag & TlbEntry::kDevice)) {
    std::memcpy(&transfer_, entry->host(address), sizeBytes);
    return true;
  }
  synchronise(op);
  const uint64_t physical = address + entry->addend;
  const unsigned part = sizeBytes < 8 ? sizeBytes : 8;
  std::array<uint64_t, 2> value{};
  for (unsigned n = 0; n < sizeBytes / part; n++) {
    if (!environment_.deviceRead(physical + n * part, part, value[n])) return externalAbort(op, address, Access::kRead);
  }
  transfer_.d = value;
  return true;
}

bool Cpu::storeSlow(const Op* op, uint64_t address, unsigned sizeBytes, unsigned level) {
  if (crossesPage(address, sizeBytes)) return storeAcrossPages(op, address, sizeBytes, level);
  const TlbEntry* entry = entryFor(op, address, Access::kWrite, level);
  if (entry == nullptr || !alignmentHolds(op, *entry, address, sizeBytes, Access::kWrite)) return false;
  if ((entry->tag & TlbEntry::kWatched) && !passesWatchpoints(op, address, sizeBytes, Access::kWrite)) return false;
  if (entry->tag & TlbEntry::kTrap) return trapDataAbort(op, *entry, address, sizeBytes, Access::kWrite);
  if (!(entry->tag & TlbEntry::kDevice)) {
    std::memcpy(entry->host(address), &transfer_, sizeBytes);
    if (entry->tag & TlbEntry::kCode) forgetCodeAt(*entry, address, sizeBytes, level);
    return true;
  }
  synchronise(op);
  const uint64_t physical = address + entry->addend;
  const unsigned part = sizeBytes < 8 ? sizeBytes : 8;
  const std::array<uint64_t, 2> value = transfer_.d;
  for (unsigned n = 0; n < sizeBytes / part; n++) {
    const uint64_t masked = part == 8 ? value[n] : value[n] & ((uint64_t{1} << (8 * part)) - 1);
    if (!environment_.deviceWrite(physical + n * part, part, masked)) return externalAbort(op, address, Access::kWrite);
  }
  return true;
}

bool Cpu::loadAcrossPages(const Op* op, uint64_t address, unsigned sizeBytes, unsigned level) {
  const uint64_t second = (address & kPageMask) + kPageSize;
  const TlbEntry* low = entryFor(op, address, Access::kRead, level);
  const TlbEntry* high = low == nullptr ? nullptr : entryFor(op, second, Access::kRead, level);
  if (high == nullptr || !alignmentHolds(op, *low, address, sizeBytes, Access::kRead) ||
      !alignmentHolds(op, *high, address, sizeBytes, Access::kRead)) {
    return false;
  }
  if (((low->tag | high->tag) & TlbEntry::kWatched) && !passesWatchpoints(op, address, sizeBytes, Access::kRead)) return false;
  if (low->tag & TlbEntry::kTrap) return trapDataAbort(op, *low, address, sizeBytes, Access::kRead);
  if (high->tag & TlbEntry::kTrap) return trapDataAbort(op, *high, second, sizeBytes, Access::kRead);
  const unsigned inFirst = static_cast<unsigned>(second - address);
  std::memcpy(&transfer_.b[0], low->host(address), inFirst);
  std::memcpy(&transfer_.b[inFirst], high->host(second), sizeBytes - inFirst);
  return true;
}

bool Cpu::storeAcrossPages(const Op* op, uint64_t address, unsigned sizeBytes, unsigned level) {
  const uint64_t second = (address & kPageMask) + kPageSize;
  const TlbEntry* low = entryFor(op, address, Access::kWrite, level);
  const TlbEntry* high = low == nullptr ? nullptr : entryFor(op, second, Access::kWrite, level);
  if (high == nullptr || !alignmentHolds(op, *low, address, sizeBytes, Access::kWrite) ||
      !alignmentHolds(op, *high, address, sizeBytes, Access::kWrite)) {
    return false;
  }
  if (((low->tag | high->tag) & TlbEntry::kWatched) && !passesWatchpoints(op, address, sizeBytes, Access::kWrite)) return false;
  if (low->tag & TlbEntry::kTrap) return trapDataAbort(op, *low, address, sizeBytes, Access::kWrite);
  if (high->tag & TlbEntry::kTrap) return trapDataAbort(op, *high, second, sizeBytes, Access::kWrite);
  const unsigned inFirst = static_cast<unsigned>(second - address);
  std::memcpy(low->host(address), &transfer_.b[0], inFirst);
  std::memcpy(high->host(second), &transfer_.b[inFirst], sizeBytes - inFirst);
  if (low->tag & TlbEntry::kCode) forgetCodeAt(*low, address, inFirst, level);
  if (high->tag & TlbEntry::kCode) forgetCodeAt(*high, second, sizeBytes - inFirst, level);
  return true;
}

void Cpu::forgetCodeAt(const TlbEntry& entry, uint64_t address, unsigned sizeBytes, unsigned level) {
  const unsigned offset = static_cast<unsigned>(address % kPageSize);
  if (!blocks_->written(entry.host(address - offset), offset, sizeBytes)) {
    tablesOfLevel_[level].write.at(address).tag &= ~TlbEntry::kCode;
  }
}

uint8_t* Cpu::atomicPointer(const Op* op, uint64_t address, unsigned sizeBytes, Access access) {
  if (!requireAligned(op, address, sizeBytes, access)) return nullptr;
  const TlbEntry* entry = entryFor(op, address, access, exceptionLevel_);
  if (entry == nullptr) return nullptr;
  if ((entry->tag & TlbEntry::kWatched) && !passesWatchpoints(op, address, sizeBytes, access)) return nullptr;
  if (entry->tag & TlbEntry::kTrap) {
    // Whatever the hypervisor does with it, there is no memory to be atomic on: it can only have been skipped.
    const uint64_t pc = pcOf(op);
    if (trapDataAbort(op, *entry, address, sizeBytes, access)) stopBlock(op, pc + 4);
    return nullptr;
  }
  if (entry->tag & TlbEntry::kDevice) {
    dataAbortToEl1(op, address, fault::kUnsupportedExclusive | accessBits(access));
    return nullptr;
  }
  if (entry->tag & TlbEntry::kCode) forgetCodeAt(*entry, address, sizeBytes, exceptionLevel_);
  return entry->host(address);
}

bool Cpu::zeroBlock(const Op* op, uint64_t address) {
  const uint64_t block = address & ~(kZeroBlockBytes - 1);
  const TlbEntry* entry = entryFor(op, address, Access::kWrite, exceptionLevel_);
  if (entry == nullptr) return false;
  if ((entry->tag & TlbEntry::kWatched) && !passesWatchpoints(op, block, kZeroBlockBytes, Access::kWrite)) return false;
  if (entry->tag & TlbEntry::kTrap) {
    transfer_ = {};
    return trapDataAbort(op, *entry, address, kZeroBlockBytes, Access::kWrite);
  }
  // DC ZVA to Device memory is an alignment fault whatever the address (D7.5.8).
  const bool device = entry->tag & TlbEntry::kDevice;
  if (device || ((entry->tag & TlbEntry::kAligned) && isDeviceMemory(address))) {
    dataAbortToEl1(op, address, fault::kAlignment | accessBits(Access::kWrite));
    return false;
  }
  std::memset(entry->host(block), 0, kZeroBlockBytes);
  if (entry->tag & TlbEntry::kCode) forgetCodeAt(*entry, block, kZeroBlockBytes, exceptionLevel_);
  return true;
}

bool Cpu::isDeviceMemory(uint64_t address) {
  return walkStage1(system_, environment_, address, exceptionLevel_).device;
}

bool Cpu::maintainCache(const Op* op, uint64_t address) {
  const TlbEntry* entry = entryFor(op, address, Access::kMaintain, exceptionLevel_);
  if (entry == nullptr) return false;
  return !(entry->tag & TlbEntry::kTrap) || trapDataAbort(op, *entry, address, 0, Access::kMaintain);
}

bool Cpu::maintainCode(const Op* op, uint64_t address) {
  if (!maintainCache(op, address)) return false;
  const TlbEntry* entry = entryFor(op, address, Access::kMaintain, exceptionLevel_);
  if (entry != nullptr && !(entry->tag & (TlbEntry::kTrap | TlbEntry::kDevice))) {
    const unsigned line = static_cast<unsigned>(address % kPageSize & ~(kCacheLineBytes - 1));
    blocks_->distrust(entry->host(address & kPageMask), line, kCacheLineBytes);
  }
  return entry != nullptr;
}

bool Cpu::translateToPar(const Op* op, uint64_t address, bool write, unsigned level) {
  synchronise(op);
  const Stage1 page = walkStage1(system_, environment_, address, level);
  constexpr uint64_t kFailed = 1, kReserved = 1u << 11, kNonSecure = 1u << 9;
  if (page.result == Stage1::Result::kGranule) {
    stopForGranule();
    stopBlock(op, pc_);
    return false;
  }
  if (page.result == Stage1::Result::kStage2) {
    const TlbEntry descriptor = entryOf(address, page.stage2Permission ? TlbEntry::kTrapPermission : 0,
                                        (page.intermediateAddress & kPageMask));
    return trapDataAbort(op, descriptor, address, 0, Access::kMaintain);
  }
  if (page.result == Stage1::Result::kFault) {
    system_.par = kFailed | page.status << 1 | kReserved;
  } else if (!permits(page, write ? Access::kWrite : Access::kRead)) {
    system_.par = kFailed | (fault::kPermission + page.level) << 1 | kReserved;
  } else {
    system_.par = static_cast<uint64_t>(page.attributes) << 56 | page.intermediateAddress | kReserved |
                  static_cast<uint64_t>(page.shareability) << 7 | kNonSecure;
  }
  return true;
}

void Cpu::stopForGranule() {
  setTrapSyndrome(0, 0);
  if (obeyTrap(environment_.unimplemented(*this, 0, "stage-1 tables with 16 or 64 KiB pages"))) obeyTrap(Trap::kParked);
}

}  // namespace cellvisor::machine
