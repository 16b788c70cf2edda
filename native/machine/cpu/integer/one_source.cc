#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

template <class W>
W swappedBits(W value) {
  W result = 0;
  for (unsigned n = 0; n < sizeof(W) * 8; n++) result = static_cast<W>(result << 1 | ((value >> n) & 1));
  return result;
}

template <class W, unsigned kGroupBytes>
W swappedBytes(W value) {
  W result = 0;
  for (unsigned n = 0; n < sizeof(W); n++) {
    const unsigned to = n / kGroupBytes * kGroupBytes + (kGroupBytes - 1 - n % kGroupBytes);
    result |= static_cast<W>((value >> (8 * n)) & 0xff) << (8 * to);
  }
  return result;
}

template <class W>
unsigned leadingZeros(W value) {
  if (value == 0) return sizeof(W) * 8;
  return sizeof(W) == 8 ? __builtin_clzll(value) : __builtin_clz(static_cast<uint32_t>(value));
}

template <class W>
void bitsOf(Cpu& cpu, const Op* op) {
  cpu.state().x[op->rd] = swappedBits(static_cast<W>(cpu.state().x[op->rn]));
  return next(cpu, op);
}

template <class W, unsigned kGroupBytes>
void bytesOf(Cpu& cpu, const Op* op) {
  cpu.state().x[op->rd] = swappedBytes<W, kGroupBytes>(static_cast<W>(cpu.state().x[op->rn]));
  return next(cpu, op);
}

template <class W>
void zerosOf(Cpu& cpu, const Op* op) {
  cpu.state().x[op->rd] = leadingZeros(static_cast<W>(cpu.state().x[op->rn]));
  return next(cpu, op);
}

template <class W>
void signsOf(Cpu& cpu, const Op* op) {
  const W value = static_cast<W>(cpu.state().x[op->rn]);
  const W changes = static_cast<W>(value ^ static_cast<W>(static_cast<Signed<W>>(value) >> 1));
  cpu.state().x[op->rd] = leadingZeros(changes) - 1;
  return next(cpu, op);
}

}  // namespace

Handler reverseBits(bool is64) { return is64 ? bitsOf<uint64_t> : bitsOf<uint32_t>; }

Handler reverseBytes(bool is64, unsigned groupBytes) {
  if (groupBytes == 8) return bytesOf<uint64_t, 8>;
  if (groupBytes == 4) return is64 ? bytesOf<uint64_t, 4> : bytesOf<uint32_t, 4>;
  return is64 ? bytesOf<uint64_t, 2> : bytesOf<uint32_t, 2>;
}

Handler countLeadingZeros(bool is64) { return is64 ? zerosOf<uint64_t> : zerosOf<uint32_t>; }
Handler countLeadingSigns(bool is64) { return is64 ? signsOf<uint64_t> : signsOf<uint32_t>; }

}  // namespace cellvisor::machine::integer
