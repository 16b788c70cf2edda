#if defined(__aarch64__)

#include "registers/access.h"

/// Loads and stores of one 32-bit general-purpose register (Arm ARM DDI 0487, C4.1 "Loads and Stores"): LDR, LDRSW and STR
/// with all addressing modes, LDUR, STUR, LDAR, LDAPR and STLR. The fault has told the address already, so only the register,
/// and what the addressing mode writes back, are taken from the instruction.
namespace bridge::registers {
namespace {

constexpr unsigned kZeroRegister = 31;

uint64_t get(const ucontext_t& context, unsigned index) {
  return index == kZeroRegister ? 0 : context.uc_mcontext.regs[index];
}

void set(ucontext_t& context, unsigned index, uint64_t value) {
  if (index != kZeroRegister) context.uc_mcontext.regs[index] = value;
}

enum class Kind { none, store, load, loadSigned };

Kind ofOpcode(uint32_t opcode) {
  switch (opcode & 3) {
    case 0: return Kind::store;
    case 1: return Kind::load;
    case 2: return Kind::loadSigned;
    default: return Kind::none;
  }
}

struct Access {
  Kind kind = Kind::none;
  bool writesBack = false;
};

Access decode(uint32_t code) {
  if ((code & 0xff000000) == 0xb9000000) return {ofOpcode(code >> 22), false};  // unsigned offset
  if ((code & 0xfffffc00) == 0x88dffc00) return {Kind::load, false};            // LDAR
  if ((code & 0xfffffc00) == 0xb8bfc000) return {Kind::load, false};            // LDAPR
  if ((code & 0xfffffc00) == 0x889ffc00) return {Kind::store, false};           // STLR
  if ((code & 0xff000000) != 0xb8000000) return {};
  bool isRegisterForm = (code & (1 << 21)) != 0;
  uint32_t form = (code >> 10) & 3;
  if (isRegisterForm) return form == 2 ? Access{ofOpcode(code >> 22), false} : Access{};  // else atomics
  return {ofOpcode(code >> 22), form == 1 || form == 3};
}

void writeBack(ucontext_t& context, uint32_t code) {
  int64_t offset = static_cast<int64_t>(static_cast<uint64_t>(code) << 43) >> 55;  // imm9, bits 20..12
  unsigned base = (code >> 5) & 31;
  if (base == 31) context.uc_mcontext.sp += static_cast<uint64_t>(offset);
  else context.uc_mcontext.regs[base] += static_cast<uint64_t>(offset);
}

}  // namespace

Outcome emulate(ucontext_t& context, Target& target) {
  uint32_t code = *reinterpret_cast<const uint32_t*>(context.uc_mcontext.pc);
  Access access = decode(code);
  if (access.kind == Kind::none) return Outcome::unknown;
  unsigned index = code & 31;
  if (access.kind == Kind::store) {
    if (target.write(static_cast<uint32_t>(get(context, index))) < 0) return Outcome::refused;
  } else {
    uint32_t value = 0;
    if (target.read(value) < 0) return Outcome::refused;
    bool isSigned = access.kind == Kind::loadSigned;
    set(context, index, isSigned ? static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(value))) : value);
  }
  if (access.writesBack) writeBack(context, code);
  context.uc_mcontext.pc += 4;
  return Outcome::done;
}

}  // namespace bridge::registers

#endif
