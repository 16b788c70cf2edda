#include "access.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

// op.ra is the number of registers. The base becomes base + x[op.rm] + an immediate: both are zero without post-index.

/** Index of the lane of a single structure; the post-index immediate is below it in op.imm. */
constexpr unsigned kIndexShift = 16;

uint64_t increment(const CpuState& s, const Op* op) { return s.x[op->rm] + (op->imm & ((1u << kIndexShift) - 1)); }

/**
 * LD1..LD4, ST1..ST4 (multiple structures): kStructure elements that lie together go to as many registers.
 * LD1 and ST1 take up to four registers one after the other.
 */
template <class T, bool kLoad, unsigned kStructure, unsigned kBytes>
bool multiple(Cpu& cpu, const Op* op) {
  constexpr unsigned kLanes = kBytes / sizeof(T);
  CpuState& s = cpu.state();
  const unsigned repeats = kStructure == 1 ? op->ra : 1;
  uint64_t address = s.x[op->rn];
  // Nothing may change before the last access succeeded.
  std::array<VectorRegister, 4> loaded{};
  for (unsigned repeat = 0; repeat < repeats; ++repeat) {
    for (unsigned i = 0; i < kLanes; ++i) {
      for (unsigned element = 0; element < kStructure; ++element, address += sizeof(T)) {
        if constexpr (kLoad) {
          T value;
          if (!cpu.load<T>(op, address, value)) return false;
          setLane<T>(loaded[repeat + element], i, value);
        } else {
          const T value = lane<T>(s.v[(op->rd + repeat + element) & 31], i);
          if (!cpu.store<T>(op, address, value)) return false;
        }
      }
    }
  }
  if constexpr (kLoad) {
    for (unsigned i = 0; i < op->ra; ++i) s.v[(op->rd + i) & 31] = loaded[i];
  }
  s.x[op->rn] += increment(s, op);
  return true;
}

/** LD1 and ST1 of whole registers at an aligned address, where the elements' size makes no difference. */
template <class T, bool kLoad, unsigned kBytes>
bool multipleOne(Cpu& cpu, const Op* op) {
  using Chunk = std::conditional_t<kBytes == 16, VectorRegister, uint64_t>;
  CpuState& s = cpu.state();
  uint64_t address = s.x[op->rn];
  if ((address & (kBytes - 1)) != 0) return multiple<T, kLoad, 1, kBytes>(cpu, op);
  std::array<Chunk, 4> loaded{};
  for (unsigned i = 0; i < op->ra; ++i, address += kBytes) {
    if constexpr (kLoad) {
      if (!cpu.load<Chunk>(op, address, loaded[i])) return false;
    } else {
      if (!cpu.store<Chunk>(op, address, storedValue<Chunk>(s.v[(op->rd + i) & 31]))) return false;
    }
  }
  if constexpr (kLoad) {
    for (unsigned i = 0; i < op->ra; ++i) setLoaded<Chunk>(s.v[(op->rd + i) & 31], loaded[i]);
  }
  s.x[op->rn] += increment(s, op);
  return true;
}

/** LD1..LD4, ST1..ST4 (single structure): one lane of each register; the others stay. */
template <class T, bool kLoad>
bool single(Cpu& cpu, const Op* op) {
  CpuState& s = cpu.state();
  const auto index = static_cast<unsigned>(op->imm >> kIndexShift);
  uint64_t address = s.x[op->rn];
  std::array<T, 4> loaded{};
  for (unsigned i = 0; i < op->ra; ++i, address += sizeof(T)) {
    if constexpr (kLoad) {
      if (!cpu.load<T>(op, address, loaded[i])) return false;
    } else {
      if (!cpu.store<T>(op, address, lane<T>(s.v[(op->rd + i) & 31], index))) return false;
    }
  }
  if constexpr (kLoad) {
    for (unsigned i = 0; i < op->ra; ++i) setLane<T>(s.v[(op->rd + i) & 31], index, loaded[i]);
  }
  s.x[op->rn] += increment(s, op);
  return true;
}

/** LD1R..LD4R: one element to all lanes of each register. */
template <class T, unsigned kBytes>
bool replicate(Cpu& cpu, const Op* op) {
  CpuState& s = cpu.state();
  uint64_t address = s.x[op->rn];
  std::array<T, 4> loaded{};
  for (unsigned i = 0; i < op->ra; ++i, address += sizeof(T)) {
    if (!cpu.load<T>(op, address, loaded[i])) return false;
  }
  for (unsigned i = 0; i < op->ra; ++i) {
    VectorRegister result{};
    for (unsigned at = 0; at < kBytes / sizeof(T); ++at) setLane<T>(result, at, loaded[i]);
    s.v[(op->rd + i) & 31] = result;
  }
  s.x[op->rn] += increment(s, op);
  return true;
}

template <class T, bool kLoad, unsigned kBytes>
Handler pickStructure(unsigned structure) {
  switch (structure) {
    case 1: return memoryHandler<multipleOne<T, kLoad, kBytes>>;
    case 2: return memoryHandler<multiple<T, kLoad, 2, kBytes>>;
    case 3: return memoryHandler<multiple<T, kLoad, 3, kBytes>>;
    default: return memoryHandler<multiple<T, kLoad, 4, kBytes>>;
  }
}

template <class T>
Handler pickMultiple(unsigned structure, bool load, bool q) {
  if (load) return q ? pickStructure<T, true, 16>(structure) : pickStructure<T, true, 8>(structure);
  return q ? pickStructure<T, false, 16>(structure) : pickStructure<T, false, 8>(structure);
}

constexpr Handler kSingle[2][4] = {
    {memoryHandler<single<uint8_t, false>>, memoryHandler<single<uint16_t, false>>, memoryHandler<single<uint32_t, false>>,
     memoryHandler<single<uint64_t, false>>},
    {memoryHandler<single<uint8_t, true>>, memoryHandler<single<uint16_t, true>>, memoryHandler<single<uint32_t, true>>,
     memoryHandler<single<uint64_t, true>>},
};
constexpr Handler kReplicate[2][4] = {
    {memoryHandler<replicate<uint8_t, 8>>, memoryHandler<replicate<uint16_t, 8>>, memoryHandler<replicate<uint32_t, 8>>,
     memoryHandler<replicate<uint64_t, 8>>},
    {memoryHandler<replicate<uint8_t, 16>>, memoryHandler<replicate<uint16_t, 16>>, memoryHandler<replicate<uint32_t, 16>>,
     memoryHandler<replicate<uint64_t, 16>>},
};

/** Sets up the new base: Rm's value, or with Rm = 31 the number of bytes transferred, or no change. */
bool setIncrement(uint32_t insn, Op& op, unsigned totalBytes) {
  const bool postIndex = bit(insn, 23);
  if (!postIndex && op.rm != 0) return false;
  op.imm = postIndex && op.rm == 31 ? totalBytes : 0;
  if (!postIndex || op.rm == 31) op.rm = kZero;
  return true;
}

}  // namespace

bool decodeMultipleStructures(uint32_t insn, Op& op) {
  const bool q = bit(insn, 30), load = bit(insn, 22);
  const unsigned size = bits(insn, 11, 10);
  unsigned structure;
  switch (bits(insn, 15, 12)) {
    case 0b0000: structure = 4, op.ra = 4; break;
    case 0b0010: structure = 1, op.ra = 4; break;
    case 0b0100: structure = 3, op.ra = 3; break;
    case 0b0110: structure = 1, op.ra = 3; break;
    case 0b0111: structure = 1, op.ra = 1; break;
    case 0b1000: structure = 2, op.ra = 2; break;
    case 0b1010: structure = 1, op.ra = 2; break;
    default: return false;
  }
  if (bit(insn, 21) || (size == 3 && !q && structure != 1)) return false;
  if (!setIncrement(insn, op, op.ra * (q ? 16 : 8))) return false;
  switch (size) {
    case 0: return select(op, pickMultiple<uint8_t>(structure, load, q));
    case 1: return select(op, pickMultiple<uint16_t>(structure, load, q));
    case 2: return select(op, pickMultiple<uint32_t>(structure, load, q));
    default: return select(op, pickMultiple<uint64_t>(structure, load, q));
  }
}

bool decodeSingleStructure(uint32_t insn, Op& op) {
  const bool load = bit(insn, 22), s = bit(insn, 12);
  const unsigned size = bits(insn, 11, 10), scale = bits(insn, 15, 14), q = bit(insn, 30);
  op.ra = static_cast<uint8_t>((bit(insn, 13) << 1 | bit(insn, 21)) + 1);
  if (scale == 3) {
    return load && !s && setIncrement(insn, op, op.ra << size) && select(op, kReplicate[q][size]);
  }
  // Q:S:size is the index in bytes; the bits below the lane's size say more about the size or must be zero.
  const unsigned byteIndex = q << 3 | s << 2 | size;
  const unsigned laneSize = scale == 2 && size == 1 ? 3 : scale;
  if (scale == 1 && (size & 1)) return false;
  if (scale == 2 && (size > 1 || (size == 1 && s))) return false;
  if (!setIncrement(insn, op, op.ra << laneSize)) return false;
  op.imm |= static_cast<uint64_t>(byteIndex >> laneSize) << kIndexShift;
  return select(op, kSingle[load][laneSize]);
}

}  // namespace cellvisor::machine::fpsimd
