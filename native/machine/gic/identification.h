#pragma once

#include <cstdint>

namespace cellvisor::machine::gic {

/** IIDR of a GIC-500 r1p1: implementer Arm (0x43b). */
constexpr uint32_t kIidrValue = 0x0001143b;

/** Peripheral and component identification at 0xffd0..0xfffc of each frame (IHI 0069 8.1.13): GICv3, part of Arm. */
constexpr uint32_t peripheralId(uint32_t offset) {
  switch (offset) {
    case 0xffd0: return 0x44;
    case 0xffe0: return 0x92;
    case 0xffe4: return 0xb4;
    case 0xffe8: return 0x3b;
    case 0xfff0: return 0x0d;
    case 0xfff4: return 0xf0;
    case 0xfff8: return 0x05;
    case 0xfffc: return 0xb1;
    default: return 0;
  }
}

/** Bits 3..0 become bytes, bits 15..0 become pairs of bits: masks for registers with wider fields. */
constexpr uint32_t expandBytes(uint32_t bits) {
  uint32_t mask = 0;
  for (unsigned index = 0; index < 4; index++) mask |= ((bits >> index) & 1u) * (0xffu << (8 * index));
  return mask;
}
constexpr uint32_t expandPairs(uint32_t bits) {
  uint32_t mask = 0;
  for (unsigned index = 0; index < 16; index++) mask |= ((bits >> index) & 1u) * (3u << (2 * index));
  return mask;
}

}  // namespace cellvisor::machine::gic
