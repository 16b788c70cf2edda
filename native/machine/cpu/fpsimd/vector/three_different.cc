#include "groups.h"
#include "integer_operations.h"
#include "kernels.h"
#include "polynomial.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** ADDHN, SUBHN and their rounding forms: the upper half of the sum or difference. */
template <class Operation, bool kRound>
struct HighHalf {
  template <class N, class W>
  static N lane(CpuState& s, W n, W m, unsigned) {
    constexpr unsigned kWidth = 8 * sizeof(N);
    const W whole = Operation::template lane<W>(s, 0, n, m);
    return static_cast<N>(static_cast<W>(whole + (kRound ? W{1} << (kWidth - 1) : W{0})) >> kWidth);
  }
};

struct PolynomialMultiplyLong {
  template <class W, class>
  static W lane(CpuState&, W, W n, W m, unsigned) {
    return static_cast<W>(carrylessProduct(n, m));
  }
};

/** PMULL, PMULL2 of 64 by 64 bits (crypto extension). */
template <unsigned kHalf>
void polynomialMultiplyDoubleword(CpuState& s, const Op& op) {
  const Wide result = carrylessProduct(s.v[op.rn].d[kHalf], s.v[op.rm].d[kHalf]);
  s.v[op.rd].d = {static_cast<uint64_t>(result), static_cast<uint64_t>(result >> 64)};
}

Handler pickPolynomial(unsigned size, Part part) {
  if (size == 3 && part == Part::kLower) return handler<polynomialMultiplyDoubleword<0>>;
  if (size == 3 && part == Part::kUpper) return handler<polynomialMultiplyDoubleword<1>>;
  return pickWidening<PolynomialMultiplyLong, Sign::kUnsigned, kB>(size, part);
}

constexpr Sign kI = Sign::kSigned, kU = Sign::kUnsigned;

template <class Operation, Sign kSign>
constexpr PickPart kLong = pickWidening<Long<Operation>, kSign, kBHS>;
template <class Operation, Sign kSign>
constexpr PickPart kWide = pickWidening<Long<Operation>, kSign, kBHS, kNoSize, Second::kRegister, true>;
template <class Operation>
constexpr PickPart kSaturatingLong = pickWidening<Operation, kI, kHS, kHS>;
template <class Operation, bool kRound>
constexpr PickPart kHigh = pickNarrowing<HighHalf<Operation, kRound>, kU, kBHS, kNoSize, Second::kRegister>;

/** By U and opcode. */
constexpr PickPart kOperations[2][16] = {
    {kLong<Add, kI>, kWide<Add, kI>, kLong<Subtract, kI>, kWide<Subtract, kI>, kHigh<Add, false>,
     kLong<AbsoluteDifferenceAccumulate, kI>, kHigh<Subtract, false>, kLong<AbsoluteDifference, kI>, kLong<MultiplyAdd, kI>,
     kSaturatingLong<DoubleMultiplyAddLong>, kLong<MultiplySubtract, kI>, kSaturatingLong<DoubleMultiplySubtractLong>,
     kLong<Multiply, kI>, kSaturatingLong<DoubleMultiplyLong>, pickPolynomial, nullptr},
    {kLong<Add, kU>, kWide<Add, kU>, kLong<Subtract, kU>, kWide<Subtract, kU>, kHigh<Add, true>,
     kLong<AbsoluteDifferenceAccumulate, kU>, kHigh<Subtract, true>, kLong<AbsoluteDifference, kU>, kLong<MultiplyAdd, kU>,
     nullptr, kLong<MultiplySubtract, kU>, nullptr, kLong<Multiply, kU>, nullptr, nullptr, nullptr},
};

}  // namespace

bool decodeThreeDifferent(uint32_t insn, Op& op) {
  const Part part = bit(insn, 28) ? Part::kScalar : bit(insn, 30) ? Part::kUpper : Part::kLower;
  const PickPart pick = kOperations[bit(insn, 29)][bits(insn, 15, 12)];
  return pick != nullptr && select(op, pick(bits(insn, 23, 22), part));
}

}  // namespace cellvisor::machine::fpsimd
