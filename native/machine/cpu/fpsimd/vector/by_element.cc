#include "../float/operations.h"
#include "groups.h"
#include "integer_operations.h"
#include "kernels.h"

namespace cellvisor::machine::fpsimd {

namespace {

constexpr Sign kI = Sign::kSigned, kU = Sign::kUnsigned;

template <class Operation, Sign kSign, unsigned kVector, unsigned kScalar = kNoSize>
constexpr PickSame kSame = pickSame<Operation, kSign, kVector, kScalar, Second::kElement>;
template <class Operation>
constexpr PickSame kFloat = pickSame<Operation, kU, kSD, kSD, Second::kElement>;
template <class Operation, Sign kSign, unsigned kScalar = kNoSize>
constexpr PickPart kLong = pickWidening<Operation, kSign, kHS, kScalar, Second::kElement>;

/** By U and opcode: operations on lanes of one width, integer ... */
constexpr PickSame kInteger[2][16] = {
    {nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, kSame<Multiply, kU, kHS>, nullptr, nullptr, nullptr,
     kSame<DoubleMultiplyHigh<false>, kI, kHS, kHS>, kSame<DoubleMultiplyHigh<true>, kI, kHS, kHS>, nullptr, nullptr},
    {kSame<MultiplyAdd, kU, kHS>, nullptr, nullptr, nullptr, kSame<MultiplySubtract, kU, kHS>, nullptr, nullptr, nullptr, nullptr,
     nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr},
};

/** ... floating point ... */
constexpr PickSame kFloating[2][16] = {
    {nullptr, kFloat<FloatMultiplyAdd>, nullptr, nullptr, nullptr, kFloat<FloatMultiplySubtract>, nullptr, nullptr, nullptr,
     kFloat<FloatMultiply>, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, kFloat<FloatMultiplyExtended>, nullptr,
     nullptr, nullptr, nullptr, nullptr, nullptr},
};

/** ... and those with results twice as wide. */
constexpr PickPart kWidening[2][16] = {
    {nullptr, nullptr, kLong<Long<MultiplyAdd>, kI>, kLong<DoubleMultiplyAddLong, kI, kHS>, nullptr, nullptr,
     kLong<Long<MultiplySubtract>, kI>, kLong<DoubleMultiplySubtractLong, kI, kHS>, nullptr, nullptr, kLong<Long<Multiply>, kI>,
     kLong<DoubleMultiplyLong, kI, kHS>, nullptr, nullptr, nullptr, nullptr},
    {nullptr, nullptr, kLong<Long<MultiplyAdd>, kU>, nullptr, nullptr, nullptr, kLong<Long<MultiplySubtract>, kU>, nullptr, nullptr,
     nullptr, kLong<Long<Multiply>, kU>, nullptr, nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

bool decodeByElement(uint32_t insn, Op& op) {
  const bool scalar = bit(insn, 28), q = bit(insn, 30), u = bit(insn, 29);
  const unsigned size = bits(insn, 23, 22), opcode = bits(insn, 15, 12);
  const unsigned h = bit(insn, 11), l = bit(insn, 21), m = bit(insn, 20);
  // Halfwords need three index bits, and get M from the register number.
  if (size == 1) {
    op.imm = h << 2 | l << 1 | m;
    op.rm &= 15;
  } else if (size == 2) {
    op.imm = h << 1 | l;
  } else if (size == 3 && l == 0) {
    op.imm = h;
  } else {
    return false;
  }
  const Shape shape = scalar ? Shape::kScalar : q ? Shape::kFull : Shape::kHalf;
  if (const PickSame pick = kFloating[u][opcode]) return size >= 2 && select(op, pick(size, shape));
  if (const PickSame pick = kInteger[u][opcode]) return select(op, pick(size, shape));
  const PickPart pick = kWidening[u][opcode];
  return pick != nullptr && select(op, pick(size, scalar ? Part::kScalar : q ? Part::kUpper : Part::kLower));
}

}  // namespace cellvisor::machine::fpsimd
