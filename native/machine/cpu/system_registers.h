#pragma once

#include <array>
#include <cstdint>

namespace cellvisor::machine {

/** SCTLR_EL1 bits (Arm ARM D17.2.118). */
namespace sctlr {
constexpr uint64_t kM = 1u << 0, kA = 1u << 1, kC = 1u << 2, kSA = 1u << 3, kSA0 = 1u << 4, kUMA = 1u << 9, kI = 1u << 12,
                   kDZE = 1u << 14, kUCT = 1u << 15, kNTWI = 1u << 16, kNTWE = 1u << 18, kWXN = 1u << 19, kE0E = 1u << 24,
                   kEE = 1u << 25, kUCI = 1u << 26;
}  // namespace sctlr

/** System registers that are storage. Whatever is computed (counters, ID registers, GIC) has no member here. */
struct SystemRegisters {
  static constexpr unsigned kBreakpoints = 6, kWatchpoints = 4;

  uint64_t sctlr = 0, cpacr = 0;
  uint64_t ttbr0 = 0, ttbr1 = 0, tcr = 0, mair = 0, amair = 0, contextidr = 0;
  uint64_t vbar = 0, esr = 0, far = 0, afsr0 = 0, afsr1 = 0, elr = 0, spsr = 0, par = 0;
  uint64_t tpidrEl0 = 0, tpidrroEl0 = 0, tpidrEl1 = 0;
  uint64_t cntkctl = 0, csselr = 0;

  uint64_t mdscr = 0, mdccint = 0, osdlr = 0, osdtrrx = 0, osdtrtx = 0, oseccr = 0, dbgclaim = 0;
  bool osLocked = true;
  std::array<uint64_t, kBreakpoints> breakpointValue{}, breakpointControl{};
  std::array<uint64_t, kWatchpoints> watchpointValue{}, watchpointControl{};

  uint64_t pmcr = 0, pmcnten = 0, pminten = 0, pmovs = 0, pmselr = 0, pmuserenr = 0, pmccfiltr = 0;
  /** PMCCNTR_EL0 = instructions executed - cycleBase while it counts, cycleFrozen while it does not. */
  uint64_t cycleBase = 0, cycleFrozen = 0;
};

}  // namespace cellvisor::machine
