#include "machine/gic/redistributor.h"

#include "machine/gic/identification.h"
#include "machine/gic/word_access.h"

namespace cellvisor::machine::gic {

namespace {

constexpr uint32_t kIidr = 0x0004, kWaker = 0x0014;
constexpr uint32_t kIdStart = 0xffd0, kIdEnd = 0x10000;
constexpr uint32_t kSgiFrame = 0x10000;
constexpr uint32_t kPriorityStart = kSgiFrame + 0x400, kPriorityEnd = kSgiFrame + 0x420;
constexpr uint32_t kConfig0 = kSgiFrame + 0xc00, kConfig1 = kSgiFrame + 0xc04;
constexpr uint32_t kProcessorSleep = 1u << 1;
constexpr uint32_t kTyperLast = 1u << 4;

/** ISENABLER0 (0x100) to ICACTIVER0 (0x380): the kind of bit register, or 0. IGROUPR0 is not a cell's to touch. */
unsigned bitKind(uint32_t offset) {
  if (offset < kSgiFrame + 0x100 || offset > kSgiFrame + 0x380 || (offset & 0x7f) != 0) return 0;
  return (offset - kSgiFrame) / 0x80;
}

}  // namespace

bool Redistributor::isPublic(uint64_t offset) {
  return offset == kIidr || (offset >= kTyper && offset < kTyper + 8) || (offset >= kIdStart && offset < kIdEnd);
}

uint64_t Redistributor::read(uint64_t offset, unsigned sizeBytes) const {
  return readLanes(offset, sizeBytes, [this](uint32_t word) { return readWord(word); });
}

uint32_t Redistributor::readWord(uint32_t offset) const {
  if (const unsigned kind = bitKind(offset)) return bank_.readBits(kind);
  if (offset >= kPriorityStart && offset < kPriorityEnd) return bank_.readPriorities((offset - kPriorityStart) / 4);
  switch (offset) {
    case kIidr: return kIidrValue;
    case kTyper: return (cpu_ << 8) | (isLast_ ? kTyperLast : 0);
    // Affinity as in IHI 0069 12.10.14: Aff3.Aff2.Aff1.Aff0 in one word.
    case kTyper + 4: return static_cast<uint32_t>((mpidr_ & 0xffffff) | ((mpidr_ >> 32) << 24));
    case kWaker: return sleep_ | (sleep_ << 1);
    case kConfig0: return bank_.readConfig(0);
    case kConfig1: return bank_.readConfig(1);
    default: return peripheralId(offset);
  }
}

bool Redistributor::write(uint64_t offset, unsigned sizeBytes, uint64_t value) {
  bool changed = false;
  writeLanes(offset, sizeBytes, value,
             [&](uint32_t word, uint32_t bits, uint32_t byteMask) { writeWord(word, bits, byteMask, changed); });
  return changed;
}

void Redistributor::writeWord(uint32_t offset, uint32_t value, uint32_t byteMask, bool& changed) {
  if (const unsigned kind = bitKind(offset)) {
    bank_.writeBits(kind, value, byteMask);
    changed = true;
  } else if (offset >= kPriorityStart && offset < kPriorityEnd) {
    bank_.writePriorities((offset - kPriorityStart) / 4, value, byteMask);
  } else if (offset == kConfig1) {
    bank_.writeConfig(1, value, byteMask);  // SGIs are always edge triggered: ICFGR0 is read-only
    changed = true;
  } else if (offset == kWaker) {
    sleep_ = value & byteMask & kProcessorSleep;
  }
}

}  // namespace cellvisor::machine::gic
