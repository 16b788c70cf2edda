#pragma once

#include <array>
#include <cstdint>

#include "machine/config.h"

namespace cellvisor::machine::gic {

/** Bits of MPIDR_EL1 and IROUTER that are affinity: Aff3 in 39:32, Aff2..0 in 23:0. */
constexpr uint64_t kAffinityMask = 0xff00ffffffULL;

/** One bit per INTID. */
using IntidSet = std::array<uint32_t, 32>;

/** What a cell may touch: its CPUs and its interrupts (jailhouse-hypervisor reference 4.1). */
struct Partition {
  uint64_t cpuMask = 0;
  IntidSet intids{};

  bool owns(unsigned intid) const { return intid < kIntidLimit && ((intids[intid / 32] >> (intid % 32)) & 1); }
};

}  // namespace cellvisor::machine::gic
