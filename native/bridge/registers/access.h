#pragma once

#include <ucontext.h>

#include <cstdint>

namespace bridge::registers {

/// Where an access goes to. Both give 0 or a negative errno.
class Target {
 public:
  virtual int read(uint32_t& value) = 0;
  virtual int write(uint32_t value) = 0;

 protected:
  ~Target() = default;
};

enum class Outcome {
  done,
  /// Not a load or store of 32 bits that this library knows.
  unknown,
  /// The board has refused the access.
  refused,
};

/// Does what the instruction at the program counter would have done, and moves the program counter behind it. One file for
/// each kind of processor.
Outcome emulate(ucontext_t& context, Target& target);

}  // namespace bridge::registers
