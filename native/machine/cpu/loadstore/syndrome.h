#pragma once

#include <cstdint>

namespace cellvisor::machine {

/** The instruction-specific part of a data abort's syndrome (ISS bits 24..14, Arm ARM D17.2.37). */
struct Syndrome {
  bool valid = false;
  unsigned sizeLog2 = 0;
  bool signExtend = false;
  bool is64 = false;
  bool ordered = false;
  unsigned registerNumber = 0;

  uint32_t iss() const {
    if (!valid) return 0;
    return 1u << 24 | sizeLog2 << 22 | (signExtend ? 1u : 0) << 21 | registerNumber << 16 | (is64 ? 1u : 0) << 15 |
           (ordered ? 1u : 0) << 14;
  }
};

/** Valid for loads and stores of one general-purpose register without write-back, exclusives and atomics excluded. */
Syndrome syndromeOf(uint32_t insn);

}  // namespace cellvisor::machine
