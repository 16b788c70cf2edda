#pragma once

#include <random>
#include <vector>

#include "exchange.h"

namespace cellvisor::probe {

/** An encoding group of the Arm ARM: '0' and '1' are fixed bits, anything else is random, unallocated encodings included. */
struct Group {
  const char* name;
  const char* pattern;
  bool memory = false;
};

const std::vector<Group>& groups();

/** Random instructions of one group on random registers; the same seed gives the same cases. */
class Generator {
 public:
  Generator(unsigned group, uint64_t seed) : group_(group), random_(seed * 1000 + group) {}
  /** `slot` is the case's place in its batch. */
  void next(unsigned slot, probe_case& result);
  /** Most encodings of most groups are unallocated: those that are not make up three quarters once they are known. */
  void learn(uint32_t allocatedInsn) { allocated_.push_back(allocatedInsn); }

 private:
  uint64_t lane(unsigned widthBits);
  uint64_t below(uint64_t limit) { return random_() % limit; }
  bool oneIn(unsigned n) { return below(n) == 0; }
  uint32_t encoding(const Group& group);
  void aim(probe_case& result);

  const unsigned group_;
  std::mt19937_64 random_;
  std::vector<uint32_t> allocated_;
};

}  // namespace cellvisor::probe
