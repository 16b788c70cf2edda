#include "mmu.h"

#include <algorithm>
#include <cstring>

#include "tlb.h"

namespace cellvisor::machine {
namespace {

constexpr uint64_t kDescriptorAddress = 0x0000fffffffff000;

/** TCR_EL1 as one half of the address space sees it (D17.2.131). */
struct Regime {
  uint64_t table;
  unsigned addressBits;
  unsigned granule;  ///< 0: 4 KiB
  bool walkDisabled;
};

Regime regimeOf(const SystemRegisters& system, bool upper) {
  const uint64_t tcr = system.tcr;
  const unsigned size = (tcr >> (upper ? 16 : 0)) & 0x3f;
  Regime regime;
  regime.table = upper ? system.ttbr1 : system.ttbr0;
  // Sizes that Armv8.0 does not allow behave as the nearest one it does.
  regime.addressBits = 64 - std::clamp(size, 16u, 39u);
  const unsigned granule = (tcr >> (upper ? 30 : 14)) & 3;
  regime.granule = upper ? granule ^ 2 : granule;
  regime.walkDisabled = (tcr >> (upper ? 23 : 7)) & 1;
  return regime;
}

unsigned outputBits(uint64_t tcr) {
  static constexpr unsigned kBits[8] = {32, 36, 40, 42, 44, 48, 48, 48};
  return std::min(kBits[(tcr >> 32) & 7], kPhysicalAddressBits);
}

bool tagIgnored(uint64_t tcr, uint64_t virtualAddress) { return (tcr >> ((virtualAddress >> 55) & 1 ? 38 : 37)) & 1; }

Stage1 faulted(uint32_t status) {
  Stage1 answer;
  answer.status = status;
  return answer;
}

/** Permissions of a block or page entry, with what the tables above it take away (D8.4). */
void applyPermissions(Stage1& page, uint64_t entry, uint64_t tables, unsigned exceptionLevel, bool writeNeverExecutes) {
  const bool forEl0 = ((entry >> 6) & 1) && !((tables >> 61) & 1);
  const bool readOnly = ((entry >> 7) & 1) || ((tables >> 62) & 1);
  const bool userNever = ((entry >> 54) & 1) || ((tables >> 60) & 1);
  const bool privilegedNever = ((entry >> 53) & 1) || ((tables >> 59) & 1);
  if (exceptionLevel == 0) {
    page.readable = forEl0;
    page.writable = forEl0 && !readOnly;
    page.executable = !userNever;
  } else {
    page.readable = true;
    page.writable = !readOnly;
    page.executable = !privilegedNever && !(forEl0 && !readOnly);
  }
  if (writeNeverExecutes && page.writable) page.executable = false;
}

}  // namespace

uint64_t withoutTag(const SystemRegisters& system, uint64_t virtualAddress) {
  if (!tagIgnored(system.tcr, virtualAddress)) return virtualAddress;
  return static_cast<uint64_t>(static_cast<int64_t>(virtualAddress << 8) >> 8);
}

Stage1 walkStage1(const SystemRegisters& system, Environment& environment, uint64_t tagged, unsigned exceptionLevel) {
  const uint64_t address = withoutTag(system, tagged);
  Stage1 page;
  page.result = Stage1::Result::kPage;
  if (!(system.sctlr & sctlr::kM)) {
    const uint64_t flat = tagIgnored(system.tcr, tagged) ? address & 0x00ffffffffffffff : address;
    if (flat >> kPhysicalAddressBits) return faulted(fault::kAddressSize);
    page.intermediateAddress = flat & kPageMask;
    page.device = true;
    page.shareability = 2;
    return page;
  }

  const bool upper = (address >> 55) & 1;
  const Regime regime = regimeOf(system, upper);
  const uint64_t unused = address >> regime.addressBits;
  if (regime.walkDisabled || unused != (upper ? ~uint64_t{0} >> regime.addressBits : 0)) {
    return faulted(fault::kTranslation);
  }
  if (regime.granule != 0 && regime.granule != 3) {
    page.result = Stage1::Result::kGranule;
    return page;
  }

  // A table of the first level may be smaller than a page: 8 bytes for each entry that the address can select.
  unsigned level = 4 - (regime.addressBits - 12 + 8) / 9;
  const unsigned physicalBits = outputBits(system.tcr);
  const unsigned firstIndexBits = regime.addressBits - 12 - 9 * (3 - level);
  uint64_t table = regime.table & 0x0000ffffffffffff & ~((uint64_t{8} << firstIndexBits) - 1);
  if (table >> physicalBits) return faulted(fault::kAddressSize);
  uint64_t index = (address & ((uint64_t{1} << regime.addressBits) - 1)) >> (12 + 9 * (3 - level));
  uint64_t tables = 0;

  for (;; level++) {
    const uint64_t at = table + index * 8;
    const Stage2Page memory = environment.stage2(at & kPageMask);
    if (memory.kind == Stage2Page::Kind::kDevice) return faulted(fault::kExternalOnWalk + level);
    if (memory.kind != Stage2Page::Kind::kRam || !memory.readable) {
      page.result = Stage1::Result::kStage2;
      page.intermediateAddress = at;
      page.stage2Permission = memory.kind == Stage2Page::Kind::kRam;
      return page;
    }
    uint64_t entry;
    std::memcpy(&entry, memory.host + (at & ~kPageMask), sizeof entry);

    const bool isTable = level < 3 && (entry & 3) == 3;
    const bool isLeaf = level == 3 ? (entry & 3) == 3 : (entry & 3) == 1 && level > 0;
    if (!isTable && !isLeaf) return faulted(fault::kTranslation + level);
    const unsigned shift = 12 + 9 * (3 - level);
    const uint64_t output = entry & kDescriptorAddress & (isTable ? ~uint64_t{0} : ~((uint64_t{1} << shift) - 1));
    if (output >> physicalBits) return faulted(fault::kAddressSize + level);
    if (isTable) {
      tables |= entry;
      table = output;
      index = (address >> (shift - 9)) & 0x1ff;
      continue;
    }

    if (!(entry & (1u << 10))) return faulted(fault::kAccessFlag + level);
    page.level = level;
    page.intermediateAddress = output | (address & ((uint64_t{1} << shift) - 1) & kPageMask);
    page.attributes = static_cast<uint8_t>(system.mair >> (8 * ((entry >> 2) & 7)));
    page.device = (page.attributes & 0xf0) == 0;
    page.shareability = page.device ? 2 : (entry >> 8) & 3;
    applyPermissions(page, entry, tables, exceptionLevel, system.sctlr & sctlr::kWXN);
    return page;
  }
}

}  // namespace cellvisor::machine
