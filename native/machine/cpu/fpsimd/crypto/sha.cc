#include "../handler.h"
#include "../lanes.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

constexpr uint32_t rotateLeft(uint32_t x, unsigned amount) { return x << amount | x >> (32 - amount); }
constexpr uint32_t rotateRight(uint32_t x, unsigned amount) { return x >> amount | x << (32 - amount); }

/** The functions of FIPS 180-4, 4.1.1 and 4.1.2. */
constexpr uint32_t choose(uint32_t x, uint32_t y, uint32_t z) { return (x & y) | (~x & z); }
constexpr uint32_t majority(uint32_t x, uint32_t y, uint32_t z) { return (x & y) | (x & z) | (y & z); }
constexpr uint32_t parity(uint32_t x, uint32_t y, uint32_t z) { return x ^ y ^ z; }
constexpr uint32_t bigSigma0(uint32_t x) { return rotateRight(x, 2) ^ rotateRight(x, 13) ^ rotateRight(x, 22); }
constexpr uint32_t bigSigma1(uint32_t x) { return rotateRight(x, 6) ^ rotateRight(x, 11) ^ rotateRight(x, 25); }
constexpr uint32_t smallSigma0(uint32_t x) { return rotateRight(x, 7) ^ rotateRight(x, 18) ^ x >> 3; }
constexpr uint32_t smallSigma1(uint32_t x) { return rotateRight(x, 17) ^ rotateRight(x, 19) ^ x >> 10; }

/** SHA1C, SHA1P, SHA1M: four rounds on a, b, c, d (Vd) and e (Sn). */
template <uint32_t (*kFunction)(uint32_t, uint32_t, uint32_t)>
void sha1Rounds(CpuState& s, const Op& op) {
  auto [a, b, c, d] = s.v[op.rd].s;
  uint32_t e = s.v[op.rn].s[0];
  for (const uint32_t w : s.v[op.rm].s) {
    const uint32_t sum = e + rotateLeft(a, 5) + kFunction(b, c, d) + w;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = sum;
  }
  s.v[op.rd].s = {a, b, c, d};
}

void sha1Schedule0(CpuState& s, const Op& op) {
  const auto d = s.v[op.rd].d, n = s.v[op.rn].d, m = s.v[op.rm].d;
  s.v[op.rd].d = {d[1] ^ d[0] ^ m[0], n[0] ^ d[1] ^ m[1]};
}

void sha1Schedule1(CpuState& s, const Op& op) {
  const auto d = s.v[op.rd].s, n = s.v[op.rn].s;
  const uint32_t first = d[0] ^ n[1];
  s.v[op.rd].s = {rotateLeft(first, 1), rotateLeft(d[1] ^ n[2], 1), rotateLeft(d[2] ^ n[3], 1),
                  rotateLeft(d[3], 1) ^ rotateLeft(first, 2)};
}

void sha1FixedRotate(CpuState& s, const Op& op) { setScalar(s.v[op.rd], rotateLeft(s.v[op.rn].s[0], 30)); }

/** SHA256H and SHA256H2: four rounds on a..d and e..h, of which one half is the result. */
template <bool kFirstHalf>
void sha256Rounds(CpuState& s, const Op& op) {
  auto [a, b, c, d] = s.v[kFirstHalf ? op.rd : op.rn].s;
  auto [e, f, g, h] = s.v[kFirstHalf ? op.rn : op.rd].s;
  for (const uint32_t w : s.v[op.rm].s) {
    const uint32_t t1 = h + bigSigma1(e) + choose(e, f, g) + w;
    const uint32_t t2 = bigSigma0(a) + majority(a, b, c);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  if (kFirstHalf) s.v[op.rd].s = {a, b, c, d};
  else s.v[op.rd].s = {e, f, g, h};
}

void sha256Schedule0(CpuState& s, const Op& op) {
  const auto d = s.v[op.rd].s, n = s.v[op.rn].s;
  s.v[op.rd].s = {d[0] + smallSigma0(d[1]), d[1] + smallSigma0(d[2]), d[2] + smallSigma0(d[3]), d[3] + smallSigma0(n[0])};
}

void sha256Schedule1(CpuState& s, const Op& op) {
  const auto d = s.v[op.rd].s, n = s.v[op.rn].s, m = s.v[op.rm].s;
  const uint32_t w0 = d[0] + n[1] + smallSigma1(m[2]), w1 = d[1] + n[2] + smallSigma1(m[3]);
  s.v[op.rd].s = {w0, w1, d[2] + n[3] + smallSigma1(w0), d[3] + m[0] + smallSigma1(w1)};
}

constexpr Handler kThreeRegister[8] = {
    handler<sha1Rounds<choose>>, handler<sha1Rounds<parity>>,  handler<sha1Rounds<majority>>, handler<sha1Schedule0>,
    handler<sha256Rounds<true>>, handler<sha256Rounds<false>>, handler<sha256Schedule1>,      nullptr};
constexpr Handler kTwoRegister[3] = {handler<sha1FixedRotate>, handler<sha1Schedule1>, handler<sha256Schedule0>};

}  // namespace

bool decodeShaThreeRegister(uint32_t insn, Op& op) {
  return bits(insn, 23, 22) == 0 && select(op, kThreeRegister[bits(insn, 14, 12)]);
}

bool decodeShaTwoRegister(uint32_t insn, Op& op) {
  const unsigned opcode = bits(insn, 16, 12);
  return bits(insn, 23, 22) == 0 && opcode < 3 && select(op, kTwoRegister[opcode]);
}

}  // namespace cellvisor::machine::fpsimd
