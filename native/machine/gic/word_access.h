#pragma once

#include <cstdint>

namespace cellvisor::machine::gic {

/** Reads any size at any offset from a file of 32-bit registers, byte lane by byte lane. */
template <class ReadWord>
uint64_t readLanes(uint64_t offset, unsigned sizeBytes, ReadWord readWord) {
  uint64_t value = 0;
  for (unsigned done = 0; done < sizeBytes;) {
    const uint32_t word = static_cast<uint32_t>(offset + done) & ~3u;
    const unsigned lane = (offset + done) & 3;
    const unsigned count = sizeBytes - done < 4 - lane ? sizeBytes - done : 4 - lane;
    const uint64_t mask = count == 4 ? 0xffffffffu : (1u << (8 * count)) - 1;
    value |= ((static_cast<uint64_t>(readWord(word)) >> (8 * lane)) & mask) << (8 * done);
    done += count;
  }
  return value;
}

/** The same for writes: `writeWord(offset, value, byteMask)` gets whole words and the lanes that were written. */
template <class WriteWord>
void writeLanes(uint64_t offset, unsigned sizeBytes, uint64_t value, WriteWord writeWord) {
  for (unsigned done = 0; done < sizeBytes;) {
    const uint32_t word = static_cast<uint32_t>(offset + done) & ~3u;
    const unsigned lane = (offset + done) & 3;
    const unsigned count = sizeBytes - done < 4 - lane ? sizeBytes - done : 4 - lane;
    const uint32_t mask = (count == 4 ? 0xffffffffu : (1u << (8 * count)) - 1) << (8 * lane);
    writeWord(word, static_cast<uint32_t>(value >> (8 * done)) << (8 * lane), mask);
    done += count;
  }
}

}  // namespace cellvisor::machine::gic
