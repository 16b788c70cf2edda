#include "machine/gic/distributor.h"

#include "machine/gic/identification.h"
#include "machine/gic/word_access.h"

namespace cellvisor::machine::gic {

namespace {

constexpr uint32_t kCtlr = 0x0000, kTyper = 0x0004, kIidr = 0x0008;
constexpr uint32_t kBitsStart = 0x0080, kBitsEnd = 0x0400;
constexpr uint32_t kPriorityStart = 0x0400, kPriorityEnd = 0x07fc;
constexpr uint32_t kConfigStart = 0x0c00, kConfigEnd = 0x0d00;
constexpr uint32_t kRouterStart = 0x6000, kRouterEnd = 0x8000;

/** ARE_NS and EnableGrp1A, as Linux has set it up on the host. */
constexpr uint32_t kCtlrValue = 0x12;

}  // namespace

Distributor::Distributor(unsigned spiCount) : intidEnd_(kFirstSpi + spiCount) {
  if (spiCount > kIntidLimit - kFirstSpi) throw RangeViolation("more SPIs than a GIC can have");
}

uint32_t Distributor::implemented(unsigned bank) const {
  if (bank == 0 || bank * 32 >= intidEnd_) return 0;
  const unsigned count = intidEnd_ - bank * 32;
  return count >= 32 ? ~0u : (1u << count) - 1;
}

uint64_t Distributor::read(uint64_t offset, unsigned sizeBytes, const IntidSet& visible) const {
  return readLanes(offset, sizeBytes, [&](uint32_t word) { return readWord(word, visible); });
}

uint32_t Distributor::readWord(uint32_t offset, const IntidSet& visible) const {
  if (offset >= kBitsStart && offset < kBitsEnd) {
    const unsigned bank = (offset & 0x7f) / 4;
    return banks_[bank].readBits(offset / 0x80) & visible[bank] & implemented(bank);
  }
  if (offset >= kPriorityStart && offset < kPriorityEnd) {
    const unsigned intid = offset - kPriorityStart;
    const unsigned bank = intid / 32;
    const uint32_t mask = expandBytes((visible[bank] & implemented(bank)) >> (intid % 32));
    return banks_[bank].readPriorities((intid % 32) / 4) & mask;
  }
  if (offset >= kConfigStart && offset < kConfigEnd) {
    const unsigned intid = (offset - kConfigStart) * 4;
    const unsigned bank = intid / 32;
    const uint32_t mask = expandPairs((visible[bank] & implemented(bank)) >> (intid % 32));
    return banks_[bank].readConfig((intid % 32) / 16) & mask;
  }
  if (offset >= kRouterStart && offset < kRouterEnd) {
    const unsigned intid = (offset - kRouterStart) / 8;
    if (!hasSpi(intid) || !((visible[intid / 32] >> (intid % 32)) & 1)) return 0;
    return static_cast<uint32_t>(routes_[intid] >> ((offset & 4) ? 32 : 0));
  }
  switch (offset) {
    case kCtlr: return kCtlrValue;
    // ITLinesNumber; IDbits: 10 bits of INTID. No LPIs, no message-based SPIs.
    case kTyper: return (bankCount() - 1) | (9u << 19);
    case kIidr: return kIidrValue;
    default: return peripheralId(offset);
  }
}

bool Distributor::isRouter(uint64_t offset) { return offset >= kRouterStart && offset < kRouterEnd; }

unsigned Distributor::routedIntid(uint64_t offset, const IntidSet& visible) const {
  const unsigned intid = static_cast<unsigned>((offset - kRouterStart) / 8);
  // A router counts as one 64-bit register: a write to its upper half alone does nothing.
  const bool effective = (offset & 7) == 0 && hasSpi(intid) && ((visible[intid / 32] >> (intid % 32)) & 1);
  return effective ? intid : 0;
}

void Distributor::writeRegisters(uint64_t offset, unsigned sizeBytes, uint64_t value, const IntidSet& visible,
                                 WriteEffect& effect) {
  writeLanes(offset, sizeBytes, value, [&](uint32_t word, uint32_t bits, uint32_t byteMask) {
    writeWord(word, bits, byteMask, visible, effect);
  });
}

void Distributor::writeWord(uint32_t offset, uint32_t value, uint32_t byteMask, const IntidSet& visible,
                            WriteEffect& effect) {
  if (offset >= kBitsStart && offset < kBitsEnd) {
    const unsigned bank = (offset & 0x7f) / 4;
    banks_[bank].writeBits(offset / 0x80, value, byteMask & visible[bank] & implemented(bank));
    effect.changedBanks |= 1u << bank;
  } else if (offset >= kPriorityStart && offset < kPriorityEnd) {
    const unsigned intid = offset - kPriorityStart;
    const unsigned bank = intid / 32;
    const uint32_t mask = expandBytes((visible[bank] & implemented(bank)) >> (intid % 32));
    banks_[bank].writePriorities((intid % 32) / 4, value, byteMask & mask);
  } else if (offset >= kConfigStart && offset < kConfigEnd) {
    const unsigned intid = (offset - kConfigStart) * 4;
    const unsigned bank = intid / 32;
    const uint32_t mask = expandPairs((visible[bank] & implemented(bank)) >> (intid % 32));
    banks_[bank].writeConfig((intid % 32) / 16, value, byteMask & mask);
    effect.changedBanks |= 1u << bank;
  }
  // Everything else is ignored: control and identification are not a cell's to change, the rest does not exist.
}

}  // namespace cellvisor::machine::gic
