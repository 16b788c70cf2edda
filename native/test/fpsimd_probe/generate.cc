#include "generate.h"

#include <algorithm>
#include <iterator>

namespace cellvisor::probe {

const std::vector<Group>& groups() {
  static const std::vector<Group> all = {
      {"scalar-integer", "x0011110xx1xxxxx000000xxxxxxxxxx"},
      {"scalar-fixed", "x0011110xx0xxxxxxxxxxxxxxxxxxxxx"},
      {"scalar-one-source", "00011110xx1xxxxxx10000xxxxxxxxxx"},
      {"scalar-two-source", "00011110xx1xxxxxxxxx10xxxxxxxxxx"},
      {"scalar-three-source", "00011111xxxxxxxxxxxxxxxxxxxxxxxx"},
      {"scalar-compare", "00011110xx1xxxxxxx1000xxxxxxx000"},
      {"scalar-conditional", "00011110xx1xxxxxxxxxx1xxxxxxxxxx"},
      {"scalar-immediate", "00011110xx1xxxxxxxx100xxxxxxxxxx"},
      {"scalar-copy", "01x11110000xxxxx0xxxx1xxxxxxxxxx"},
      {"scalar-misc", "01x11110xx10000xxxxx10xxxxxxxxxx"},
      {"scalar-pairwise", "01x11110xx11000xxxxx10xxxxxxxxxx"},
      {"scalar-three-different", "01x11110xx1xxxxxxxxx00xxxxxxxxxx"},
      {"scalar-three-same", "01x11110xx1xxxxxxxxxx1xxxxxxxxxx"},
      {"scalar-shift", "01x111110xxxxxxxxxxxx1xxxxxxxxxx"},
      {"scalar-by-element", "01x11111xxxxxxxxxxxxx0xxxxxxxxxx"},
      {"vector-table", "0x001110xx0xxxxx0xxx00xxxxxxxxxx"},
      {"vector-permute", "0x001110xx0xxxxx0xxx10xxxxxxxxxx"},
      {"vector-extract", "0x101110xx0xxxxx0xxxx0xxxxxxxxxx"},
      {"vector-copy", "0xx01110000xxxxx0xxxx1xxxxxxxxxx"},
      {"vector-misc", "0xx01110xx10000xxxxx10xxxxxxxxxx"},
      {"vector-across", "0xx01110xx11000xxxxx10xxxxxxxxxx"},
      {"vector-three-different", "0xx01110xx1xxxxxxxxx00xxxxxxxxxx"},
      {"vector-three-same", "0xx01110xx1xxxxxxxxxx1xxxxxxxxxx"},
      {"vector-three-same-float", "0xx01110xx1xxxxx11xxx1xxxxxxxxxx"},
      {"vector-modified-immediate", "0xx0111100000xxxxxxxx1xxxxxxxxxx"},
      {"vector-shift", "0xx011110xxxxxxxxxxxx1xxxxxxxxxx"},
      {"vector-by-element", "0xx01111xxxxxxxxxxxxx0xxxxxxxxxx"},
      {"crypto-aes", "01001110xx10100xxxxx10xxxxxxxxxx"},
      {"crypto-sha-three", "01011110xx0xxxxx0xxx00xxxxxxxxxx"},
      {"crypto-sha-two", "01011110xx10100xxxxx10xxxxxxxxxx"},
      {"anything", "xxxx111xxxxxxxxxxxxxxxxxxxxxxxxx"},
      {"structures-multiple", "0x001100xxxxxxxxxxxxxxxxxxxxxxxx", true},
      {"structures-single", "0x001101xxxxxxxxxxxxxxxxxxxxxxxx", true},
      {"literal", "xx011100000010000xxxxxxxxxxxxxxx", true},
      {"pair", "xx10110xxxxxxxxxxxxxxxxxxxxxxxxx", true},
      {"unscaled", "xx111100xx0xxxxxxxxxxxxxxxxxxxxx", true},
      {"register-offset", "xx111100xx1xxxxxxxxx10xxxxxxxxxx", true},
      {"unsigned-offset", "xx111101xxxxxxxxxxxxxxxxxxxxxxxx", true},
  };
  return all;
}

/** A lane's worth of bits at which arithmetic has something to get wrong. */
uint64_t Generator::lane(unsigned width) {
  const uint64_t mask = ~uint64_t{0} >> (64 - width);
  const uint64_t sign = uint64_t{1} << (width - 1);
  if (width == 8 || oneIn(4)) {
    switch (below(8)) {
      case 0: return 0;
      case 1: return mask;
      case 2: return sign;
      case 3: return sign - 1;
      case 4: return below(2 * width);
      case 5: return (0 - below(2 * width)) & mask;
      case 6: return uint64_t{1} << below(width);
      default: return random_() & mask;
    }
  }
  // A floating-point number: interesting exponents with interesting fractions.
  const unsigned fractionBits = width == 16 ? 10 : width == 32 ? 23 : 52;
  const unsigned exponentMaximum = static_cast<unsigned>((mask >> 1) >> fractionBits), bias = exponentMaximum / 2;
  const uint64_t fractionMask = (uint64_t{1} << fractionBits) - 1;
  uint64_t exponent;
  switch (below(8)) {
    case 0: exponent = exponentMaximum; break;
    case 1: exponent = 0; break;
    case 2: exponent = exponentMaximum - 1 - below(3); break;
    case 3: exponent = 1 + below(fractionBits); break;
    case 4: exponent = bias + below(70); break;
    case 5: exponent = below(exponentMaximum + 1); break;
    default: exponent = bias + below(9) - 4; break;
  }
  uint64_t fraction;
  switch (below(7)) {
    case 0: fraction = 0; break;
    case 1: fraction = fractionMask; break;
    case 2: fraction = uint64_t{1} << below(fractionBits); break;
    case 3: fraction = fractionMask << below(fractionBits); break;
    case 4: fraction = below(8); break;
    default: fraction = random_(); break;
  }
  return (exponent << fractionBits | (fraction & fractionMask) | (random_() & sign)) & mask;
}

uint32_t Generator::encoding(const Group& group) {
  // Bits 20..16 are Rm or part of an opcode.
  const uint32_t registerFields = oneIn(2) ? 0x001f03ff : 0x000003ff;
  auto insn = static_cast<uint32_t>(random_());
  if (!allocated_.empty() && !oneIn(4)) {
    insn = (insn & registerFields) | (allocated_[below(allocated_.size())] & ~registerFields);
  }
  for (unsigned i = 0; i < 32; ++i) {
    const uint32_t bit = 0x80000000u >> i;
    if (group.pattern[i] == '0') insn &= ~bit;
    else if (group.pattern[i] == '1') insn |= bit;
  }
  return insn;
}

/** Makes most addresses of a memory instruction fall into the page. */
void Generator::aim(probe_case& result) {
  // Not x30 as a base: there is the code.
  if ((result.insn >> 24 & 0x3f) != 0x1c && (result.insn >> 5 & 31) == 30) result.insn &= ~(1u << 6);
  const unsigned rn = result.insn >> 5 & 31, rm = result.insn >> 16 & 31;
  const auto pointer = [this] {
    // Now and then across one of the page's ends.
    const uint64_t end = PROBE_DATA + (oneIn(2) ? PROBE_PAGE : 0);
    const uint64_t address = oneIn(8) ? end - 40 + below(80) : PROBE_DATA + PROBE_PAGE / 4 + below(PROBE_PAGE / 2);
    return oneIn(2) ? address & ~uint64_t{15} : address;
  };
  uint64_t* const x = result.state.x;
  for (unsigned i = 0; i < 30; ++i) x[i] = pointer();
  if (rm < 30) {
    x[rm] = below(64) - 32;
    // The upper half must not matter to UXTW and SXTW.
    if (oneIn(4)) x[rm] = (random_() << 32) | (x[rm] & 0xffffffff);
  }
  if (rn < 30) {
    // The scaled 12-bit offset can be larger than the page.
    const bool isUnsignedOffset = (result.insn >> 24 & 0x3f) == 0x3d;
    const unsigned size = (result.insn >> 30) | (result.insn >> 21 & 4);
    x[rn] = pointer() - (isUnsignedOffset && size <= 4 ? uint64_t{result.insn >> 10 & 0xfff} << size : 0);
  }
}

void Generator::next(unsigned slot, probe_case& result) {
  const Group& group = groups()[group_];
  result.group = group_;
  result.insn = encoding(group);
  probe_state& s = result.state;
  s = {};
  for (auto& v : s.v) {
    const unsigned width = 8u << below(4);
    for (unsigned at = 0; at < 128; at += width) v[at / 64] |= lane(width) << (at % 64);
  }
  // Near misses: some registers equal others but for the sign or the last place.
  for (unsigned i = 0; i < 6; ++i) {
    const unsigned to = static_cast<unsigned>(below(32)), from = static_cast<unsigned>(below(32));
    std::copy(std::begin(s.v[from]), std::end(s.v[from]), std::begin(s.v[to]));
    if (oneIn(2)) s.v[to][0] ^= 0x8000000000000000u;
    if (oneIn(2)) s.v[to][0] += below(3);
    if (oneIn(2)) s.v[to][0] ^= 0x80000000u;
  }
  for (unsigned i = 0; i < 31; ++i) s.x[i] = oneIn(2) ? lane(64) : lane(32);
  if (group.memory) {
    s.memory = 1;
    aim(result);
  }
  s.x[30] = PROBE_SLOTS + 8 * slot;
  s.x[31] = PROBE_DATA + PROBE_PAGE / 2 + 16 * below(8);
  s.nzcv = below(16) << 28;
  s.fpcr = oneIn(3) ? 0 : oneIn(2) ? (random_() & 0x03c00000) : (random_() & 0x07c00000);
  const uint64_t flags = 0x0800009f;
  s.fpsr = oneIn(2) ? 0x10 : oneIn(2) ? 0 : random_() & flags;
}

}  // namespace cellvisor::probe
