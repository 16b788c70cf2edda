#include <array>

#include "register.h"

// What the CPU says about itself: Cortex-A53 r0p4 (TRM DDI 0500 4.3) without what is not there to be used: AArch32,
// big-endian data, 64 KiB pages.

namespace cellvisor::machine::system {
namespace {

constexpr uint64_t kCacheType = 0x84448004;
/** 32 KiB L1 instruction and data caches, 512 KiB L2: 64-byte lines, 2, 4 and 16 ways. */
constexpr uint64_t kLevelOneData = 0x700fe01a, kLevelOneInstruction = 0x201fe00a, kLevelTwo = 0x703fe07a;
constexpr uint64_t kCacheLevels = 0x0a200023;
/** DC ZVA clears 16 words; bit 4 forbids it. */
constexpr uint64_t kZeroBlockWordsLog2 = 4, kZeroProhibited = 1u << 4;

bool readMidr(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.identity().midr;
  return true;
}

bool readMpidr(Cpu& cpu, const Op*, uint64_t& value) {
  value = cpu.identity().mpidr;
  return true;
}

template <uint64_t kValue>
bool readConstant(Cpu&, const Op*, uint64_t& value) {
  value = kValue;
  return true;
}

bool readCacheSize(Cpu& cpu, const Op*, uint64_t& value) {
  switch (cpu.system().csselr) {
    case 0: value = kLevelOneData; break;
    case 1: value = kLevelOneInstruction; break;
    case 2: value = kLevelTwo; break;
    default: value = 0; break;
  }
  return true;
}

bool readZeroBlock(Cpu& cpu, const Op*, uint64_t& value) {
  const bool allowed = cpu.exceptionLevel() != 0 || (cpu.system().sctlr & sctlr::kDZE);
  value = kZeroBlockWordsLog2 | (allowed ? 0 : kZeroProhibited);
  return true;
}

bool cacheTypeFromEl0(Cpu& cpu, bool) { return cpu.system().sctlr & sctlr::kUCT; }

constexpr SystemRegister readOnly(uint16_t key, bool (*read)(Cpu&, const Op*, uint64_t&), El0 el0 = El0::kNever,
                                  El0Check check = nullptr) {
  SystemRegister reg{key};
  reg.el0 = el0;
  reg.read = read;
  reg.el0Check = check;
  return reg;
}

/** ID_AA64PFR0_EL1: EL0 and EL1 AArch64 only, EL2 and EL3 there, FP, AdvSIMD, the GIC's system registers. */
constexpr uint64_t kProcessorFeatures = 0x01002211;
constexpr uint64_t kDebugFeatures = 0x10305106;
/** AES, PMULL, SHA1, SHA256, CRC32. */
constexpr uint64_t kInstructions = 0x00011120;
/** 40-bit addresses, 16-bit ASIDs, 4 KiB granule only. */
constexpr uint64_t kMemoryModel = 0x0f001022;

/** Space for features to come (CRm 1..7) reads as zero; so do the AArch32 registers. */
constexpr SystemRegister feature(unsigned crm, unsigned op2) { return readOnly(key(3, 0, 0, crm, op2), readConstant<0>); }

constexpr unsigned kFeatureSpace = 7 * 8, kOthers = 9;

std::array<SystemRegister, kFeatureSpace + kOthers> build() {
  std::array<SystemRegister, kFeatureSpace + kOthers> table{};
  for (unsigned n = 0; n < kFeatureSpace; n++) table[n] = feature(1 + n / 8, n % 8);
  const auto set = [&table](unsigned crm, unsigned op2, bool (*read)(Cpu&, const Op*, uint64_t&)) {
    table[(crm - 1) * 8 + op2].read = read;
  };
  set(4, 0, readConstant<kProcessorFeatures>);
  set(5, 0, readConstant<kDebugFeatures>);
  set(6, 0, readConstant<kInstructions>);
  set(7, 0, readConstant<kMemoryModel>);

  unsigned n = kFeatureSpace;
  table[n++] = readOnly(key(3, 0, 0, 0, 0), readMidr);
  table[n++] = readOnly(key(3, 0, 0, 0, 5), readMpidr);
  table[n++] = readOnly(key(3, 0, 0, 0, 6), readConstant<0>);  // REVIDR_EL1
  table[n++] = readOnly(key(3, 1, 0, 0, 0), readCacheSize);
  table[n++] = readOnly(key(3, 1, 0, 0, 1), readConstant<kCacheLevels>);
  table[n++] = readOnly(key(3, 1, 0, 0, 7), readConstant<0>);  // AIDR_EL1
  table[n++] = readOnly(key(3, 3, 0, 0, 1), readConstant<kCacheType>, El0::kChecked, cacheTypeFromEl0);
  table[n++] = readOnly(key(3, 3, 0, 0, 7), readZeroBlock, El0::kRead);
  SystemRegister selection{key(3, 2, 0, 0, 0)};
  selection.field = &SystemRegisters::csselr;
  selection.writable = 0xf;
  table[n++] = selection;
  return table;
}

}  // namespace

Table<SystemRegister> identificationRegisters() {
  static const std::array<SystemRegister, kFeatureSpace + kOthers> kTable = build();
  return {kTable.data(), kTable.size()};
}

}  // namespace cellvisor::machine::system
