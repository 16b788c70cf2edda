#pragma once

#include <array>
#include <cstdint>

namespace cellvisor::machine::gic {

/**
 * The physical state of 32 interrupts, one bit each: bank 0 of a redistributor (SGIs and PPIs) or one word of the
 * distributor (SPIs). IHI 0069 chapters 4 and 12.
 */
struct InterruptBank {
  uint32_t group1 = ~0u;
  uint32_t enabled = 0;
  /** Set by an edge or by ISPENDR, cleared by acknowledging or ICPENDR. */
  uint32_t latched = 0;
  /** Level of the input wires. */
  uint32_t wires = 0;
  uint32_t active = 0;
  /** 1: edge triggered. */
  uint32_t edge = 0;
  /** As Linux leaves them on the host. */
  std::array<uint8_t, 32> priority = filledPriorities();

  uint32_t pending() const { return latched | (wires & ~edge); }
  /** Those that the CPU would be interrupted by. Group 0 belongs to firmware: never delivered to a cell. */
  uint32_t deliverable() const { return pending() & enabled & ~active & group1; }

  /** A wire changed. */
  void setWire(unsigned index, bool level) {
    const uint32_t mask = 1u << index;
    if (level && (edge & mask) && !(wires & mask)) latched |= mask;
    wires = level ? wires | mask : wires & ~mask;
  }

  /** GICD/GICR registers 0x080..0x3ff that hold one bit per interrupt: `kind` is the offset / 0x80. */
  enum Kind : unsigned { kGroup = 1, kSetEnable, kClearEnable, kSetPending, kClearPending, kSetActive, kClearActive };
  uint32_t readBits(unsigned kind) const {
    switch (kind) {
      case kGroup: return group1;
      case kSetEnable: case kClearEnable: return enabled;
      case kSetPending: case kClearPending: return pending();
      default: return active;
    }
  }
  /** `mask`: the bits that the writer may touch. */
  void writeBits(unsigned kind, uint32_t value, uint32_t mask) {
    const uint32_t bits = value & mask;
    switch (kind) {
      case kGroup: group1 = (group1 & ~mask) | bits; break;
      case kSetEnable: enabled |= bits; break;
      case kClearEnable: enabled &= ~bits; break;
      case kSetPending: latched |= bits; break;
      case kClearPending: latched &= ~bits; break;
      case kSetActive: active |= bits; break;
      default: active &= ~bits; break;
    }
  }

  /** IPRIORITYR<n>: four interrupts a word, five bits implemented. */
  uint32_t readPriorities(unsigned word) const {
    uint32_t value = 0;
    for (unsigned lane = 0; lane < 4; lane++) value |= static_cast<uint32_t>(priority[word * 4 + lane]) << (8 * lane);
    return value;
  }
  void writePriorities(unsigned word, uint32_t value, uint32_t byteMask) {
    for (unsigned lane = 0; lane < 4; lane++) {
      if ((byteMask >> (8 * lane)) & 0xff) priority[word * 4 + lane] = static_cast<uint8_t>(value >> (8 * lane)) & 0xf8;
    }
  }

  /** ICFGR<n>: sixteen interrupts a word, bit 1 of each pair is "edge". */
  uint32_t readConfig(unsigned word) const {
    uint32_t value = 0;
    for (unsigned lane = 0; lane < 16; lane++) value |= ((edge >> (word * 16 + lane)) & 1u) << (2 * lane + 1);
    return value;
  }
  void writeConfig(unsigned word, uint32_t value, uint32_t mask) {
    for (unsigned lane = 0; lane < 16; lane++) {
      const uint32_t field = 2u << (2 * lane);
      if (!(mask & field)) continue;
      const uint32_t interrupt = 1u << (word * 16 + lane);
      edge = (value & field) ? edge | interrupt : edge & ~interrupt;
    }
  }

 private:
  static constexpr std::array<uint8_t, 32> filledPriorities() {
    std::array<uint8_t, 32> priorities{};
    for (auto& priority : priorities) priority = 0xa0;
    return priorities;
  }
};

}  // namespace cellvisor::machine::gic
