#include "../float/operations.h"
#include "groups.h"
#include "integer_operations.h"
#include "kernels.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** ADDV, SMAXV, UMINV ...: one lane from all. */
template <class Operation, class T, unsigned kBytes>
void reduce(CpuState& s, const Op& op) {
  T result = lane<T>(s.v[op.rn], 0);
  for (unsigned i = 1; i < kBytes / sizeof(T); ++i) result = Operation::template lane<T>(s, 0, result, lane<T>(s.v[op.rn], i));
  setScalar(s.v[op.rd], static_cast<std::make_unsigned_t<T>>(result));
}

/** SADDLV, UADDLV: the sum in twice the width. */
template <class T, unsigned kBytes>
void reduceLong(CpuState& s, const Op& op) {
  using W = Wider<T>;
  W result = 0;
  for (unsigned i = 0; i < kBytes / sizeof(T); ++i) result = static_cast<W>(result + lane<T>(s.v[op.rn], i));
  setScalar(s.v[op.rd], static_cast<std::make_unsigned_t<W>>(result));
}

/** FMAXV and its kin on four singles, in the pairs that decide which of several NaNs is the result (Arm ARM Reduce). */
template <class Operation>
void reduceSingles(CpuState& s, const Op& op) {
  const auto n = s.v[op.rn].s;
  const uint32_t low = Operation::template lane<uint32_t>(s, 0, n[0], n[1]);
  const uint32_t high = Operation::template lane<uint32_t>(s, 0, n[2], n[3]);
  setScalar(s.v[op.rd], Operation::template lane<uint32_t>(s, 0, low, high));
}

template <class Operation, Sign kSign>
Handler pickReduce(unsigned size, bool q) {
  switch (size) {
    case 0: return q ? handler<reduce<Operation, Lane<kSign, 0>, 16>> : handler<reduce<Operation, Lane<kSign, 0>, 8>>;
    case 1: return q ? handler<reduce<Operation, Lane<kSign, 1>, 16>> : handler<reduce<Operation, Lane<kSign, 1>, 8>>;
    case 2: return q ? handler<reduce<Operation, Lane<kSign, 2>, 16>> : nullptr;
    default: return nullptr;
  }
}

template <Sign kSign>
Handler pickReduceLong(unsigned size, bool q) {
  switch (size) {
    case 0: return q ? handler<reduceLong<Lane<kSign, 0>, 16>> : handler<reduceLong<Lane<kSign, 0>, 8>>;
    case 1: return q ? handler<reduceLong<Lane<kSign, 1>, 16>> : handler<reduceLong<Lane<kSign, 1>, 8>>;
    case 2: return q ? handler<reduceLong<Lane<kSign, 2>, 16>> : nullptr;
    default: return nullptr;
  }
}

/** FADDP, FMAXP ... of the two lanes of one register. */
template <class Operation, class T>
void reducePair(CpuState& s, const Op& op) {
  setScalar(s.v[op.rd], Operation::template lane<T>(s, 0, lane<T>(s.v[op.rn], 0), lane<T>(s.v[op.rn], 1)));
}

template <class Operation>
Handler pickPair(bool isDouble) {
  return isDouble ? handler<reducePair<Operation, uint64_t>> : handler<reducePair<Operation, uint32_t>>;
}

}  // namespace

bool decodeAcrossLanes(uint32_t insn, Op& op) {
  const bool q = bit(insn, 30), u = bit(insn, 29);
  const unsigned size = bits(insn, 23, 22), opcode = bits(insn, 16, 12);
  const bool isFloat = u && q && (size & 1) == 0, isMinimum = bit(insn, 23);
  constexpr Sign kI = Sign::kSigned, kU = Sign::kUnsigned;
  switch (opcode) {
    case 0x03: return select(op, u ? pickReduceLong<kU>(size, q) : pickReduceLong<kI>(size, q));
    case 0x0a: return select(op, u ? pickReduce<Maximum, kU>(size, q) : pickReduce<Maximum, kI>(size, q));
    case 0x1a: return select(op, u ? pickReduce<Minimum, kU>(size, q) : pickReduce<Minimum, kI>(size, q));
    case 0x1b: return !u && select(op, pickReduce<Add, kU>(size, q));
    case 0x0c:
      return isFloat && select(op, isMinimum ? handler<reduceSingles<FloatMinimumNumber>>
                                             : handler<reduceSingles<FloatMaximumNumber>>);
    case 0x0f:
      return isFloat && select(op, isMinimum ? handler<reduceSingles<FloatMinimum>> : handler<reduceSingles<FloatMaximum>>);
    default: return false;
  }
}

bool decodeScalarPairwise(uint32_t insn, Op& op) {
  const unsigned size = bits(insn, 23, 22), opcode = bits(insn, 16, 12);
  const bool isDouble = size & 1, isMinimum = size & 2;
  if (!bit(insn, 29)) return opcode == 0x1b && size == 3 && select(op, handler<reducePair<Add, uint64_t>>);
  switch (opcode) {
    case 0x0c: return select(op, isMinimum ? pickPair<FloatMinimumNumber>(isDouble) : pickPair<FloatMaximumNumber>(isDouble));
    case 0x0d: return !isMinimum && select(op, pickPair<FloatAdd>(isDouble));
    case 0x0f: return select(op, isMinimum ? pickPair<FloatMinimum>(isDouble) : pickPair<FloatMaximum>(isDouble));
    default: return false;
  }
}

}  // namespace cellvisor::machine::fpsimd
