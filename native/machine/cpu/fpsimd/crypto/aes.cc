#include "../handler.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** Multiplication in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2). */
constexpr uint8_t multiply(unsigned a, unsigned b) {
  unsigned result = 0;
  for (; b != 0; b >>= 1) {
    if (b & 1) result ^= a;
    a = (a << 1) ^ ((a & 0x80) ? 0x11b : 0);
  }
  return static_cast<uint8_t>(result);
}

struct SubstitutionBoxes {
  std::array<uint8_t, 256> forward{}, inverse{};
};

/** FIPS 197, 5.1.1: the inverse in the field, then an affine map of its bits. */
constexpr SubstitutionBoxes makeBoxes() {
  SubstitutionBoxes boxes;
  // 3 generates the field's multiplicative group and 0xf6 is its inverse, so p and q stay inverses of each other.
  unsigned p = 1, q = 1;
  for (int i = 0; i < 255; ++i) {
    unsigned mapped = 0x63;
    for (unsigned turn = 0; turn < 5; ++turn) mapped ^= (q << turn | q >> (8 - turn)) & 0xff;
    boxes.forward[p] = static_cast<uint8_t>(mapped);
    p = multiply(p, 3);
    q = multiply(q, 0xf6);
  }
  boxes.forward[0] = 0x63;
  for (unsigned i = 0; i < 256; ++i) boxes.inverse[boxes.forward[i]] = static_cast<uint8_t>(i);
  return boxes;
}

constexpr SubstitutionBoxes kBoxes = makeBoxes();
static_assert(kBoxes.forward[0x53] == 0xed, "FIPS 197's own example");

/** AESE and AESD: add the round key, shift rows, substitute. The state's bytes are columns of four. */
template <bool kInverse>
void cipherRound(CpuState& s, const Op& op) {
  VectorRegister result;
  for (unsigned column = 0; column < 4; ++column) {
    for (unsigned row = 0; row < 4; ++row) {
      const unsigned from = 4 * ((kInverse ? column - row : column + row) & 3) + row;
      const uint8_t byte = s.v[op.rd].b[from] ^ s.v[op.rn].b[from];
      result.b[4 * column + row] = kInverse ? kBoxes.inverse[byte] : kBoxes.forward[byte];
    }
  }
  s.v[op.rd] = result;
}

constexpr uint32_t rotateRight(uint32_t x, unsigned amount) { return x >> amount | x << (32 - amount); }

/** Doubles each of four field elements. */
constexpr uint32_t doubled(uint32_t x) { return ((x & 0x7f7f7f7f) << 1) ^ ((x >> 7 & 0x01010101) * 0x1b); }

/**
 * AESMC and AESIMC: each column times a fixed polynomial (FIPS 197, 5.1.3 and 5.3.3). The inverse polynomial is the forward
 * one times 4x^2 + 5, so one more step in front turns one into the other.
 */
template <bool kInverse>
void mixColumns(CpuState& s, const Op& op) {
  VectorRegister result;
  for (unsigned column = 0; column < 4; ++column) {
    uint32_t a = s.v[op.rn].s[column];
    if (kInverse) a ^= doubled(doubled(a ^ rotateRight(a, 16)));
    const uint32_t next = rotateRight(a, 8);
    result.s[column] = doubled(a ^ next) ^ next ^ rotateRight(a, 16) ^ rotateRight(a, 24);
  }
  s.v[op.rd] = result;
}

}  // namespace

bool decodeAes(uint32_t insn, Op& op) {
  if (bits(insn, 23, 22) != 0) return false;
  switch (bits(insn, 16, 12)) {
    case 4: return select(op, handler<cipherRound<false>>);
    case 5: return select(op, handler<cipherRound<true>>);
    case 6: return select(op, handler<mixColumns<false>>);
    case 7: return select(op, handler<mixColumns<true>>);
    default: return false;
  }
}

}  // namespace cellvisor::machine::fpsimd
