#if defined(__x86_64__)

#include "registers/access.h"

/// Instructions with one operand of 32 bits in memory (Intel SDM volume 2): MOV, MOVSXD, MOVNTI, XCHG, TEST, and the
/// arithmetic ones that read a register, or read and write it back. The fault has told the address already, so the decoder
/// only has to find the other operand and the instruction's length.
namespace bridge::registers {
namespace {

/// REG_* of the registers in the order in which instructions number them.
constexpr int kRegisters[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

struct Instruction {
  const uint8_t* next;
  bool isWide = false;     // REX.W
  bool isTwoByte = false;  // 0f
  uint8_t rex = 0;
  uint8_t opcode = 0;
  /// Number of the register operand, with REX.R; for a group, the low three bits choose the operation.
  unsigned reg = 0;
};

uint8_t take(Instruction& code) { return *code.next++; }

uint32_t takeWord(Instruction& code) {
  uint32_t word = 0;
  for (int shift = 0; shift < 32; shift += 8) word |= static_cast<uint32_t>(take(code)) << shift;
  return word;
}

/// Prefixes that change neither the operand's size nor its meaning.
bool isHarmlessPrefix(uint8_t byte) {
  return byte == 0x2e || byte == 0x36 || byte == 0x3e || byte == 0x26 || byte == 0x67;
}

/// False when the operand is no memory, or the instruction is not 32 bits wide.
bool decode(Instruction& code) {
  uint8_t byte = take(code);
  while (isHarmlessPrefix(byte)) byte = take(code);
  if ((byte & 0xf0) == 0x40) {
    code.rex = byte;
    code.isWide = (byte & 8) != 0;
    byte = take(code);
  }
  code.isTwoByte = byte == 0x0f;
  code.opcode = code.isTwoByte ? take(code) : byte;
  uint8_t modrm = take(code);
  unsigned mode = modrm >> 6;
  unsigned base = modrm & 7;
  code.reg = ((modrm >> 3) & 7) | ((code.rex & 4) != 0 ? 8 : 0);
  if (mode == 3) return false;
  bool hasWordDisplacement = mode == 2 || (mode == 0 && base == 5);
  if (base == 4) {
    unsigned sibBase = take(code) & 7;
    hasWordDisplacement = hasWordDisplacement || (mode == 0 && sibBase == 5);
  }
  code.next += hasWordDisplacement ? 4 : mode == 1 ? 1 : 0;
  return true;
}

uint32_t get(const ucontext_t& context, unsigned index) {
  return static_cast<uint32_t>(context.uc_mcontext.gregs[kRegisters[index]]);
}

/// Writing a 32-bit register clears its upper half.
void set(ucontext_t& context, unsigned index, uint32_t value) {
  context.uc_mcontext.gregs[kRegisters[index]] = static_cast<greg_t>(value);
}

/// The operations in the order in which opcodes number them.
enum Arithmetic { kAdd, kOr, kAdc, kSbb, kAnd, kSub, kXor, kCompare };

/// OF, SF, ZF, AF, PF and CF.
constexpr uint64_t kStatusFlags = 0x8d5;

/// The 128 bytes below the stack pointer may be in use (System V ABI, "red zone").
#define BRIDGE_ARITHMETIC(name)                                                                                 \
  __asm__("leaq -128(%%rsp), %%rsp\n\tpushq %[flags]\n\tpopfq\n\t" name                                        \
          " %[right], %[left]\n\tpushfq\n\tpopq %[flags]\n\tleaq 128(%%rsp), %%rsp"                             \
          : [left] "+r"(left), [flags] "+r"(flags)                                                              \
          : [right] "r"(right)                                                                                  \
          : "cc", "memory")

/// The processor itself computes value and flags.
uint32_t compute(unsigned operation, uint32_t left, uint32_t right, ucontext_t& context) {
  auto& saved = context.uc_mcontext.gregs[REG_EFL];
  uint64_t flags = static_cast<uint64_t>(saved) & kStatusFlags;
  switch (operation) {
    case kAdd: BRIDGE_ARITHMETIC("addl"); break;
    case kOr: BRIDGE_ARITHMETIC("orl"); break;
    case kAdc: BRIDGE_ARITHMETIC("adcl"); break;
    case kSbb: BRIDGE_ARITHMETIC("sbbl"); break;
    case kAnd: BRIDGE_ARITHMETIC("andl"); break;
    case kSub: BRIDGE_ARITHMETIC("subl"); break;
    case kXor: BRIDGE_ARITHMETIC("xorl"); break;
    default: BRIDGE_ARITHMETIC("cmpl"); break;
  }
  saved = static_cast<greg_t>((static_cast<uint64_t>(saved) & ~kStatusFlags) | (flags & kStatusFlags));
  return left;
}

int readModifyWrite(unsigned operation, uint32_t right, ucontext_t& context, Target& target) {
  uint32_t left = 0;
  if (int error = target.read(left); error < 0) return error;
  auto flagsBefore = context.uc_mcontext.gregs[REG_EFL];
  uint32_t result = compute(operation, left, right, context);
  int error = operation == kCompare ? 0 : target.write(result);
  if (error < 0) context.uc_mcontext.gregs[REG_EFL] = flagsBefore;
  return error;
}

int load(unsigned index, ucontext_t& context, Target& target) {
  uint32_t value = 0;
  int error = target.read(value);
  if (error == 0) set(context, index, value);
  return error;
}

int exchange(unsigned index, ucontext_t& context, Target& target) {
  uint32_t value = 0;
  int error = target.read(value);
  if (error == 0) error = target.write(get(context, index));
  if (error == 0) set(context, index, value);
  return error;
}

int test(uint32_t right, ucontext_t& context, Target& target) {
  uint32_t left = 0;
  int error = target.read(left);
  if (error == 0) compute(kAnd, left, right, context);
  return error;
}

constexpr int kUnknown = 1;

int oneByte(Instruction& code, ucontext_t& context, Target& target) {
  unsigned group = code.reg & 7;
  // ADD to CMP: the operation in bits 5..3, then r/m,r (1) or r,r/m (3).
  if (code.opcode < 0x40 && (code.opcode & 7) == 1) {
    return readModifyWrite(code.opcode >> 3, get(context, code.reg), context, target);
  }
  if (code.opcode < 0x40 && (code.opcode & 7) == 3) {
    uint32_t right = 0;
    if (int error = target.read(right); error < 0) return error;
    uint32_t result = compute(code.opcode >> 3, get(context, code.reg), right, context);
    if (code.opcode >> 3 != kCompare) set(context, code.reg, result);
    return 0;
  }
  switch (code.opcode) {
    case 0x89: return target.write(get(context, code.reg));
    case 0x8b: return load(code.reg, context, target);
    case 0x87: return exchange(code.reg, context, target);
    case 0x85: return test(get(context, code.reg), context, target);
    case 0xc7: return group == 0 ? target.write(takeWord(code)) : kUnknown;
    case 0xf7: return group == 0 ? test(takeWord(code), context, target) : kUnknown;
    case 0x81: return readModifyWrite(group, takeWord(code), context, target);
    case 0x83:
      return readModifyWrite(group, static_cast<uint32_t>(static_cast<int8_t>(take(code))), context, target);
    default: return kUnknown;
  }
}

int signExtendingLoad(unsigned index, ucontext_t& context, Target& target) {
  uint32_t value = 0;
  int error = target.read(value);
  if (error == 0) context.uc_mcontext.gregs[kRegisters[index]] = static_cast<int32_t>(value);
  return error;
}

}  // namespace

Outcome emulate(ucontext_t& context, Target& target) {
  Instruction code = {reinterpret_cast<const uint8_t*>(context.uc_mcontext.gregs[REG_RIP])};
  if (!decode(code)) return Outcome::unknown;
  int result = kUnknown;
  if (code.isTwoByte) {
    bool isMovnti = code.opcode == 0xc3 && !code.isWide;
    if (isMovnti) result = target.write(get(context, code.reg));
  } else if (code.isWide) {
    if (code.opcode == 0x63) result = signExtendingLoad(code.reg, context, target);
  } else {
    result = oneByte(code, context, target);
  }
  if (result == kUnknown) return Outcome::unknown;
  if (result < 0) return Outcome::refused;
  context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(reinterpret_cast<uintptr_t>(code.next));
  return Outcome::done;
}

}  // namespace bridge::registers

#endif
