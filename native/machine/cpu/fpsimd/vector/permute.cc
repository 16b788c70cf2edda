#include "../handler.h"
#include "../lanes.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** What UZP, TRN and ZIP (1 and 2) take for each result lane: an index into the 2 * lanes of m:n. */
enum class Pattern { kUnzip, kTranspose, kZip };

template <Pattern kPattern, unsigned kLanes>
constexpr unsigned source(unsigned i, unsigned part) {
  if constexpr (kPattern == Pattern::kUnzip) return 2 * i + part;
  else if constexpr (kPattern == Pattern::kTranspose) return (i & ~1u) + part + (i & 1) * kLanes;
  else return i / 2 + part * (kLanes / 2) + (i & 1) * kLanes;
}

template <Pattern kPattern, unsigned kPart, class T, unsigned kBytes>
void permute(CpuState& s, const Op& op) {
  constexpr unsigned kLanes = kBytes / sizeof(T);
  VectorRegister result{};
  for (unsigned i = 0; i < kLanes; ++i) {
    const unsigned from = source<kPattern, kLanes>(i, kPart);
    setLane<T>(result, i, from < kLanes ? lane<T>(s.v[op.rn], from) : lane<T>(s.v[op.rm], from - kLanes));
  }
  s.v[op.rd] = result;
}

template <Pattern kPattern, unsigned kPart>
Handler pickPermute(unsigned size, bool q) {
  switch (size) {
    case 0: return q ? handler<permute<kPattern, kPart, uint8_t, 16>> : handler<permute<kPattern, kPart, uint8_t, 8>>;
    case 1: return q ? handler<permute<kPattern, kPart, uint16_t, 16>> : handler<permute<kPattern, kPart, uint16_t, 8>>;
    case 2: return q ? handler<permute<kPattern, kPart, uint32_t, 16>> : handler<permute<kPattern, kPart, uint32_t, 8>>;
    default: return q ? handler<permute<kPattern, kPart, uint64_t, 16>> : nullptr;
  }
}

template <unsigned kBytes>
void extract(CpuState& s, const Op& op) {
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes; ++i) {
    const unsigned from = i + static_cast<unsigned>(op.imm);
    result.b[i] = from < kBytes ? s.v[op.rn].b[from] : s.v[op.rm].b[from - kBytes];
  }
  s.v[op.rd] = result;
}

/** TBL, TBX: looks up bytes in op.imm registers from Vn on, which wrap round after V31. */
template <bool kKeep, unsigned kBytes>
void lookUp(CpuState& s, const Op& op) {
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes; ++i) {
    const unsigned index = s.v[op.rm].b[i];
    if (index < 16 * op.imm) result.b[i] = s.v[(op.rn + index / 16) & 31].b[index & 15];
    else if (kKeep) result.b[i] = s.v[op.rd].b[i];
  }
  s.v[op.rd] = result;
}

}  // namespace

bool decodePermute(uint32_t insn, Op& op) {
  const bool q = bit(insn, 30);
  const unsigned size = bits(insn, 23, 22);
  switch (bits(insn, 14, 12)) {
    case 1: return select(op, pickPermute<Pattern::kUnzip, 0>(size, q));
    case 2: return select(op, pickPermute<Pattern::kTranspose, 0>(size, q));
    case 3: return select(op, pickPermute<Pattern::kZip, 0>(size, q));
    case 5: return select(op, pickPermute<Pattern::kUnzip, 1>(size, q));
    case 6: return select(op, pickPermute<Pattern::kTranspose, 1>(size, q));
    case 7: return select(op, pickPermute<Pattern::kZip, 1>(size, q));
    default: return false;
  }
}

bool decodeExtract(uint32_t insn, Op& op) {
  const bool q = bit(insn, 30);
  op.imm = bits(insn, 14, 11);
  if (bits(insn, 23, 22) != 0 || (!q && op.imm >= 8)) return false;
  return select(op, q ? handler<extract<16>> : handler<extract<8>>);
}

bool decodeTable(uint32_t insn, Op& op) {
  const bool q = bit(insn, 30), keep = bit(insn, 12);
  if (bits(insn, 23, 22) != 0) return false;
  op.imm = bits(insn, 14, 13) + 1;
  if (keep) return select(op, q ? handler<lookUp<true, 16>> : handler<lookUp<true, 8>>);
  return select(op, q ? handler<lookUp<false, 16>> : handler<lookUp<false, 8>>);
}

}  // namespace cellvisor::machine::fpsimd
