#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cellvisor::machine {

/**
 * Indices into CpuState::x. The decoder maps register number 31 to the right slot, so no handler asks
 * whether 31 means SP or ZR: reads of ZR come from kZero (always 0), writes to ZR go to kDiscard.
 */
enum RegisterSlot : uint8_t { kLinkRegister = 30, kStackPointer = 31, kZero = 32, kDiscard = 33, kRegisterSlots = 34 };

/** One SIMD register, little-endian lanes. */
union alignas(16) VectorRegister {
  std::array<uint64_t, 2> d;
  std::array<uint32_t, 4> s;
  std::array<uint16_t, 8> h;
  std::array<uint8_t, 16> b;
};

/** PSTATE bits as they appear in SPSR_ELx (Arm ARM DDI 0487, C5.2.18). */
namespace pstate {
constexpr uint32_t kN = 1u << 31, kZ = 1u << 30, kC = 1u << 29, kV = 1u << 28;
constexpr uint32_t kD = 1u << 9, kA = 1u << 8, kI = 1u << 7, kF = 1u << 6;
constexpr uint32_t kDaif = kD | kA | kI | kF;
}  // namespace pstate

/** Trapped floating-point exceptions do not exist on the A53: their enable bits read as zero. */
constexpr uint32_t kFpcrWritable = 0x07c00000, kFpsrWritable = 0xf800009f;

/** What a program on the CPU can see, without the system registers (those are in SystemRegisters). */
struct CpuState {
  /** X0..X30, SP of the current exception level, then the two ZR slots. */
  std::array<uint64_t, kRegisterSlots> x{};

  /**
   * Flags in the form that is cheapest to produce: N is bit 31 of `flagN`, Z is `flagNotZ == 0`,
   * C is `flagC` (0 or 1), V is bit 31 of `flagV`.
   */
  uint32_t flagN = 0;
  uint32_t flagNotZ = 1;
  uint32_t flagC = 0;
  uint32_t flagV = 0;

  uint32_t fpcr = 0;
  uint32_t fpsr = 0;
  std::array<VectorRegister, 32> v{};

  /** NZCV in bits 31..28, as MRS NZCV and SPSR show them. */
  uint32_t nzcv() const {
    return (flagN & 0x80000000u) | (flagNotZ == 0 ? pstate::kZ : 0) | (flagC << 29) | ((flagV & 0x80000000u) >> 3);
  }
  /** Sets the four flags from bits 31..28 of `value`. */
  void setNzcv(uint32_t value) {
    flagN = value;
    flagNotZ = (value & pstate::kZ) ? 0 : 1;
    flagC = (value >> 29) & 1;
    flagV = value << 3;
  }
  /** Evaluates a 4-bit condition field (Arm ARM C1.2.4). */
  bool holds(unsigned condition) const {
    bool result = true;
    const bool n = flagN >> 31, z = flagNotZ == 0, c = flagC != 0, v = flagV >> 31;
    switch (condition >> 1) {
      case 0: result = z; break;
      case 1: result = c; break;
      case 2: result = n; break;
      case 3: result = v; break;
      case 4: result = c && !z; break;
      case 5: result = n == v; break;
      case 6: result = n == v && !z; break;
      default: return true;
    }
    return (condition & 1) ? !result : result;
  }
};

}  // namespace cellvisor::machine
