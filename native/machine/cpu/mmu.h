#pragma once

#include <cstdint>

#include "environment.h"
#include "system_registers.h"

namespace cellvisor::machine {

/** Physical address bits of the modelled CPU (ID_AA64MMFR0_EL1.PARange = 2). */
constexpr unsigned kPhysicalAddressBits = 40;

/** Fault status codes of ESR_EL1 (Arm ARM D17.2.37); those of a walk have the level added. */
namespace fault {
constexpr uint32_t kAddressSize = 0x00, kTranslation = 0x04, kAccessFlag = 0x08, kPermission = 0x0c, kExternal = 0x10,
                   kExternalOnWalk = 0x14, kAlignment = 0x21, kUnsupportedExclusive = 0x35;
}

/** What stage 1 says about one page, for one exception level. */
struct Stage1 {
  enum class Result {
    kPage,
    kFault,    ///< to EL1, with `status`
    kStage2,   ///< a descriptor lies at `intermediateAddress`, which stage 2 does not let the walker read
    kGranule,  ///< TCR_EL1 asks for 16 or 64 KiB pages
  };
  Result result = Result::kFault;
  /** Of the page (kPage) or of the descriptor (kStage2). */
  uint64_t intermediateAddress = 0;
  uint32_t status = 0;
  /** Of the block or page entry; permission faults report it. */
  unsigned level = 0;
  bool stage2Permission = false;
  bool readable = true, writable = true, executable = true;
  bool device = false;
  /** MAIR_EL1 byte and shareability, for AT. */
  uint8_t attributes = 0, shareability = 0;
};

/**
 * Walks the stage-1 tables of EL1&0 (4 KiB granule, Arm ARM D8.2). With the MMU off: flat, Device-nGnRnE for data.
 * `exceptionLevel` decides which of the permissions count.
 */
Stage1 walkStage1(const SystemRegisters& system, Environment& environment, uint64_t virtualAddress, unsigned exceptionLevel);

/** The address without a top byte that TCR_EL1.TBI0/TBI1 tell to ignore, sign-extended from bit 55. */
uint64_t withoutTag(const SystemRegisters& system, uint64_t virtualAddress);

}  // namespace cellvisor::machine
