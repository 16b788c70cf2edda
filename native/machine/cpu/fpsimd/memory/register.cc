#include "access.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

enum class Address { kOffset, kPreIndex, kPostIndex, kRegister, kLiteral };
/** What becomes of Rm before it is shifted and added (option field), in op.ra. */
enum Extend : uint8_t { kUxtw = 2, kLsl = 3, kSxtw = 6, kSxtx = 7 };

uint64_t extended(const CpuState& s, const Op* op) {
  const uint64_t m = s.x[op->rm];
  switch (op->ra) {
    case kUxtw: return static_cast<uint32_t>(m);
    case kSxtw: return signExtend(m, 32);
    default: return m;
  }
}

template <Address kAddress>
uint64_t addressOf(const Cpu& cpu, const Op* op) {
  if constexpr (kAddress == Address::kLiteral) return cpu.pcOf(op) + op->imm;
  const uint64_t base = cpu.state().x[op->rn];
  if constexpr (kAddress == Address::kPostIndex) return base;
  if constexpr (kAddress == Address::kRegister) return base + (extended(cpu.state(), op) << op->imm);
  return base + op->imm;
}

template <Address kAddress>
void writeBack(Cpu& cpu, const Op* op) {
  if constexpr (kAddress == Address::kPreIndex || kAddress == Address::kPostIndex) cpu.state().x[op->rn] += op->imm;
}

template <class T, bool kLoad, Address kAddress>
bool transfer(Cpu& cpu, const Op* op) {
  const uint64_t address = addressOf<kAddress>(cpu, op);
  if constexpr (kLoad) {
    T value;
    if (!cpu.load<T>(op, address, value)) return false;
    setLoaded<T>(cpu.state().v[op->rd], value);
  } else {
    if (!cpu.store<T>(op, address, storedValue<T>(cpu.state().v[op->rd]))) return false;
  }
  writeBack<kAddress>(cpu, op);
  return true;
}

template <class T, bool kLoad, Address kAddress>
bool transferPair(Cpu& cpu, const Op* op) {
  const uint64_t address = addressOf<kAddress>(cpu, op);
  if constexpr (kLoad) {
    T first, second;
    if (!cpu.loadPair<T>(op, address, first, second)) return false;
    setLoaded<T>(cpu.state().v[op->rd], first);
    setLoaded<T>(cpu.state().v[op->ra], second);
  } else {
    const auto& v = cpu.state().v;
    if (!cpu.storePair<T>(op, address, storedValue<T>(v[op->rd]), storedValue<T>(v[op->ra]))) return false;
  }
  writeBack<kAddress>(cpu, op);
  return true;
}

template <Address kAddress, bool kLoad>
constexpr Handler kTransfer[5] = {
    memoryHandler<transfer<uint8_t, kLoad, kAddress>>,  memoryHandler<transfer<uint16_t, kLoad, kAddress>>,
    memoryHandler<transfer<uint32_t, kLoad, kAddress>>, memoryHandler<transfer<uint64_t, kLoad, kAddress>>,
    memoryHandler<transfer<VectorRegister, kLoad, kAddress>>,
};

template <Address kAddress, bool kLoad>
constexpr Handler kTransferPair[3] = {
    memoryHandler<transferPair<uint32_t, kLoad, kAddress>>,
    memoryHandler<transferPair<uint64_t, kLoad, kAddress>>,
    memoryHandler<transferPair<VectorRegister, kLoad, kAddress>>,
};

template <Address kAddress>
Handler pickTransfer(unsigned size, bool load) {
  return load ? kTransfer<kAddress, true>[size] : kTransfer<kAddress, false>[size];
}

template <Address kAddress>
Handler pickTransferPair(unsigned size, bool load) {
  return load ? kTransferPair<kAddress, true>[size] : kTransferPair<kAddress, false>[size];
}

/** log2 of the bytes from size:opc<1>; more than 4 is unallocated. */
unsigned sizeOf(uint32_t insn) { return bits(insn, 31, 30) | bit(insn, 23) << 2; }

}  // namespace

bool decodeLiteral(uint32_t insn, Op& op) {
  const unsigned opc = bits(insn, 31, 30);
  op.rn = kZero;
  op.imm = signExtend(bits(insn, 23, 5), 19) * 4;
  return opc < 3 && select(op, kTransfer<Address::kLiteral, true>[2 + opc]);
}

bool decodeUnsignedOffset(uint32_t insn, Op& op) {
  const unsigned size = sizeOf(insn);
  op.imm = static_cast<uint64_t>(bits(insn, 21, 10)) << size;
  return size <= 4 && select(op, pickTransfer<Address::kOffset>(size, bit(insn, 22)));
}

/** LDUR, STUR, and LDR, STR with pre- and post-index. */
bool decodeUnscaledOffset(uint32_t insn, Op& op) {
  const unsigned size = sizeOf(insn);
  const bool load = bit(insn, 22);
  if (size > 4) return false;
  op.imm = signExtend(bits(insn, 20, 12), 9);
  switch (bits(insn, 11, 10)) {
    case 0: return select(op, pickTransfer<Address::kOffset>(size, load));
    case 1: return select(op, pickTransfer<Address::kPostIndex>(size, load));
    case 3: return select(op, pickTransfer<Address::kPreIndex>(size, load));
    default: return false;  // LDTR, STTR have no SIMD forms
  }
}

bool decodeRegisterOffset(uint32_t insn, Op& op) {
  const unsigned size = sizeOf(insn);
  if (size > 4 || !bit(insn, 14)) return false;
  op.rm = readSlot(op.rm);
  op.ra = static_cast<uint8_t>(bits(insn, 15, 13));
  op.imm = bit(insn, 12) ? size : 0;
  return select(op, pickTransfer<Address::kRegister>(size, bit(insn, 22)));
}

bool decodePair(uint32_t insn, Op& op) {
  const unsigned opc = bits(insn, 31, 30);
  const bool load = bit(insn, 22);
  if (opc == 3) return false;
  op.imm = signExtend(bits(insn, 21, 15), 7) << (2 + opc);
  switch (bits(insn, 24, 23)) {
    case 1: return select(op, pickTransferPair<Address::kPostIndex>(opc, load));
    case 3: return select(op, pickTransferPair<Address::kPreIndex>(opc, load));
    default: return select(op, pickTransferPair<Address::kOffset>(opc, load));  // LDNP, STNP too
  }
}

}  // namespace cellvisor::machine::fpsimd
