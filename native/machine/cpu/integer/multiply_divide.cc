#include <limits>

#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

__extension__ typedef unsigned __int128 Wide;
__extension__ typedef __int128 SignedWide;

template <class W, bool kSubtract>
void multiplyAndAdd(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W product = static_cast<W>(static_cast<W>(state.x[op->rn]) * static_cast<W>(state.x[op->rm]));
  const W addend = static_cast<W>(state.x[op->ra]);
  state.x[op->rd] = static_cast<W>(kSubtract ? addend - product : addend + product);
  return next(cpu, op);
}

template <bool kSigned, bool kSubtract>
void multiplyAndAddLong(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const uint32_t n = static_cast<uint32_t>(state.x[op->rn]), m = static_cast<uint32_t>(state.x[op->rm]);
  const uint64_t product = kSigned
                               ? static_cast<uint64_t>(int64_t{static_cast<int32_t>(n)} * static_cast<int32_t>(m))
                               : uint64_t{n} * m;
  state.x[op->rd] = kSubtract ? state.x[op->ra] - product : state.x[op->ra] + product;
  return next(cpu, op);
}

void signedHigh(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const SignedWide product =
      static_cast<SignedWide>(static_cast<int64_t>(state.x[op->rn])) * static_cast<int64_t>(state.x[op->rm]);
  state.x[op->rd] = static_cast<uint64_t>(product >> 64);
  return next(cpu, op);
}

void unsignedHigh(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  state.x[op->rd] = static_cast<uint64_t>((static_cast<Wide>(state.x[op->rn]) * state.x[op->rm]) >> 64);
  return next(cpu, op);
}

/** Division by zero gives 0; the one quotient that does not fit wraps (C6.2.264, SDIV). */
template <class W, bool kSigned>
void quotient(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W n = static_cast<W>(state.x[op->rn]), m = static_cast<W>(state.x[op->rm]);
  W result = 0;
  if (m != 0) {
    if constexpr (kSigned) {
      using S = Signed<W>;
      const bool overflows = static_cast<S>(n) == std::numeric_limits<S>::min() && static_cast<S>(m) == -1;
      result = overflows ? n : static_cast<W>(static_cast<S>(n) / static_cast<S>(m));
    } else {
      result = static_cast<W>(n / m);
    }
  }
  state.x[op->rd] = result;
  return next(cpu, op);
}

template <class W, unsigned kKind>
void shift(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W value = static_cast<W>(state.x[op->rn]);
  const unsigned amount = static_cast<unsigned>(state.x[op->rm]) % (sizeof(W) * 8);
  switch (kKind) {
    case 0: state.x[op->rd] = static_cast<W>(value << amount); break;
    case 1: state.x[op->rd] = static_cast<W>(value >> amount); break;
    case 2: state.x[op->rd] = static_cast<W>(static_cast<Signed<W>>(value) >> amount); break;
    default: state.x[op->rd] = rotateRight(value, amount); break;
  }
  return next(cpu, op);
}

template <class W>
Handler pickShift(unsigned kind) {
  static constexpr Handler kKinds[4] = {shift<W, 0>, shift<W, 1>, shift<W, 2>, shift<W, 3>};
  return kKinds[kind];
}

/** Reflected polynomials: the register holds the CRC least significant bit first. */
template <bool kCastagnoli, class T>
void checksum(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  constexpr uint32_t kPolynomial = kCastagnoli ? 0x82f63b78 : 0xedb88320;
  uint32_t crc = static_cast<uint32_t>(state.x[op->rn]);
  T data = static_cast<T>(state.x[op->rm]);
  for (unsigned n = 0; n < sizeof(T); n++) {
    crc ^= static_cast<uint8_t>(data >> (8 * n));
    for (unsigned b = 0; b < 8; b++) crc = crc >> 1 ^ (kPolynomial & (0 - (crc & 1)));
  }
  state.x[op->rd] = crc;
  return next(cpu, op);
}

template <bool kCastagnoli>
Handler pickChecksum(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {checksum<kCastagnoli, uint8_t>, checksum<kCastagnoli, uint16_t>,
                                        checksum<kCastagnoli, uint32_t>, checksum<kCastagnoli, uint64_t>};
  return kSizes[sizeLog2];
}

template <class W>
Handler pickMultiply(bool subtract) {
  return subtract ? multiplyAndAdd<W, true> : multiplyAndAdd<W, false>;
}

}  // namespace

Handler multiplyAdd(bool is64, bool subtract) {
  return is64 ? pickMultiply<uint64_t>(subtract) : pickMultiply<uint32_t>(subtract);
}

Handler multiplyAddLong(bool isSigned, bool subtract) {
  if (isSigned) return subtract ? multiplyAndAddLong<true, true> : multiplyAndAddLong<true, false>;
  return subtract ? multiplyAndAddLong<false, true> : multiplyAndAddLong<false, false>;
}

Handler multiplyHigh(bool isSigned) { return isSigned ? signedHigh : unsignedHigh; }

Handler divide(bool is64, bool isSigned) {
  if (is64) return isSigned ? quotient<uint64_t, true> : quotient<uint64_t, false>;
  return isSigned ? quotient<uint32_t, true> : quotient<uint32_t, false>;
}

Handler shiftVariable(bool is64, unsigned kind) { return is64 ? pickShift<uint64_t>(kind) : pickShift<uint32_t>(kind); }

Handler crc32(bool castagnoli, unsigned sizeLog2) {
  return castagnoli ? pickChecksum<true>(sizeLog2) : pickChecksum<false>(sizeLog2);
}

}  // namespace cellvisor::machine::integer
