#include "../float/operations.h"
#include "groups.h"
#include "integer_operations.h"
#include "kernels.h"
#include "polynomial.h"
#include "shift.h"

namespace cellvisor::machine::fpsimd {

namespace {

struct HalvingAdd {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>((static_cast<int64_t>(n) + m) >> 1);
  }
};
struct RoundingHalvingAdd {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>((static_cast<int64_t>(n) + m + 1) >> 1);
  }
};
struct HalvingSubtract {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>((static_cast<int64_t>(n) - m) >> 1);
  }
};
struct SaturatingAdd {
  template <class T>
  static T lane(CpuState& s, T, T n, T m) {
    return addSaturating<T>(s, n, m);
  }
};
struct SaturatingSubtract {
  template <class T>
  static T lane(CpuState& s, T, T n, T m) {
    return subtractSaturating<T>(s, n, m);
  }
};
struct CompareGreater {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(n > m ? -1 : 0);
  }
};
struct CompareGreaterEqual {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(n >= m ? -1 : 0);
  }
};
struct CompareEqual {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(n == m ? -1 : 0);
  }
};
struct CompareTest {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>((n & m) != 0 ? -1 : 0);
  }
};
struct PolynomialMultiply {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(carrylessProduct(n, m));
  }
};

#define BITWISE(Name, expression)                                                        \
  struct Name {                                                                          \
    template <class T>                                                                   \
    static T lane(CpuState&, [[maybe_unused]] T d, T n, T m) {                            \
      return expression;                                                                 \
    }                                                                                    \
  };
BITWISE(And, n & m)
BITWISE(BitClear, n & ~m)
BITWISE(Or, n | m)
BITWISE(OrNot, n | ~m)
BITWISE(ExclusiveOr, n ^ m)
BITWISE(Select, (d & n) | (~d & m))
BITWISE(InsertIfTrue, (d & ~m) | (n & m))
BITWISE(InsertIfFalse, (d & m) | (n & ~m))
#undef BITWISE

template <class Operation>
Handler pickBitwise(Shape shape) {
  return shape == Shape::kFull ? handler<sameWidth<Operation, uint64_t, 16, Second::kRegister>>
                               : handler<sameWidth<Operation, uint64_t, 8, Second::kRegister>>;
}

Handler bitwise(bool u, unsigned size, Shape shape) {
  constexpr Handler (*kOperations[2][4])(Shape) = {
      {pickBitwise<And>, pickBitwise<BitClear>, pickBitwise<Or>, pickBitwise<OrNot>},
      {pickBitwise<ExclusiveOr>, pickBitwise<Select>, pickBitwise<InsertIfTrue>, pickBitwise<InsertIfFalse>},
  };
  return shape == Shape::kScalar ? nullptr : kOperations[u][size](shape);
}

constexpr Sign kI = Sign::kSigned, kU = Sign::kUnsigned;

/** By U and opcode, 00000..10111; the null entry at 00011 is bitwise(). */
constexpr PickSame kInteger[2][24] = {
    {
        pickSame<HalvingAdd, kI, kBHS, kNoSize>,
        pickSame<SaturatingAdd, kI, kAll, kAll>,
        pickSame<RoundingHalvingAdd, kI, kBHS, kNoSize>,
        nullptr,
        pickSame<HalvingSubtract, kI, kBHS, kNoSize>,
        pickSame<SaturatingSubtract, kI, kAll, kAll>,
        pickSame<CompareGreater, kI, kAll, kD>,
        pickSame<CompareGreaterEqual, kI, kAll, kD>,
        pickSame<ShiftByRegister<false, false>, kI, kAll, kD>,
        pickSame<ShiftByRegister<false, true>, kI, kAll, kAll>,
        pickSame<ShiftByRegister<true, false>, kI, kAll, kD>,
        pickSame<ShiftByRegister<true, true>, kI, kAll, kAll>,
        pickSame<Maximum, kI, kBHS, kNoSize>,
        pickSame<Minimum, kI, kBHS, kNoSize>,
        pickSame<AbsoluteDifference, kI, kBHS, kNoSize>,
        pickSame<AbsoluteDifferenceAccumulate, kI, kBHS, kNoSize>,
        pickSame<Add, kU, kAll, kD>,
        pickSame<CompareTest, kU, kAll, kD>,
        pickSame<MultiplyAdd, kU, kBHS, kNoSize>,
        pickSame<Multiply, kU, kBHS, kNoSize>,
        pickPairwise<Maximum, kI, kBHS>,
        pickPairwise<Minimum, kI, kBHS>,
        pickSame<DoubleMultiplyHigh<false>, kI, kHS, kHS>,
        pickPairwise<Add, kU, kAll>,
    },
    {
        pickSame<HalvingAdd, kU, kBHS, kNoSize>,
        pickSame<SaturatingAdd, kU, kAll, kAll>,
        pickSame<RoundingHalvingAdd, kU, kBHS, kNoSize>,
        nullptr,
        pickSame<HalvingSubtract, kU, kBHS, kNoSize>,
        pickSame<SaturatingSubtract, kU, kAll, kAll>,
        pickSame<CompareGreater, kU, kAll, kD>,
        pickSame<CompareGreaterEqual, kU, kAll, kD>,
        pickSame<ShiftByRegister<false, false>, kU, kAll, kD>,
        pickSame<ShiftByRegister<false, true>, kU, kAll, kAll>,
        pickSame<ShiftByRegister<true, false>, kU, kAll, kD>,
        pickSame<ShiftByRegister<true, true>, kU, kAll, kAll>,
        pickSame<Maximum, kU, kBHS, kNoSize>,
        pickSame<Minimum, kU, kBHS, kNoSize>,
        pickSame<AbsoluteDifference, kU, kBHS, kNoSize>,
        pickSame<AbsoluteDifferenceAccumulate, kU, kBHS, kNoSize>,
        pickSame<Subtract, kU, kAll, kD>,
        pickSame<CompareEqual, kU, kAll, kD>,
        pickSame<MultiplySubtract, kU, kBHS, kNoSize>,
        pickSame<PolynomialMultiply, kU, kB, kNoSize>,
        pickPairwise<Maximum, kU, kBHS>,
        pickPairwise<Minimum, kU, kBHS>,
        pickSame<DoubleMultiplyHigh<true>, kI, kHS, kHS>,
        nullptr,
    },
};

template <class Operation, unsigned kScalar = kNoSize>
constexpr PickSame kFloat = pickSame<Operation, Sign::kUnsigned, kSD, kScalar>;
template <class Operation>
constexpr PickSame kFloatPairwise = pickPairwise<Operation, Sign::kUnsigned, kSD>;

/** By U, size<1> and the low three bits of opcodes 11000..11111. */
constexpr PickSame kFloating[2][2][8] = {
    {
        {kFloat<FloatMaximumNumber>, kFloat<FloatMultiplyAdd>, kFloat<FloatAdd>, kFloat<FloatMultiplyExtended, kSD>,
         kFloat<FloatCompareEqual, kSD>, nullptr, kFloat<FloatMaximum>, kFloat<FloatReciprocalStep, kSD>},
        {kFloat<FloatMinimumNumber>, kFloat<FloatMultiplySubtract>, kFloat<FloatSubtract>, nullptr, nullptr, nullptr,
         kFloat<FloatMinimum>, kFloat<FloatReciprocalRootStep, kSD>},
    },
    {
        {kFloatPairwise<FloatMaximumNumber>, nullptr, kFloatPairwise<FloatAdd>, kFloat<FloatMultiply>,
         kFloat<FloatCompareGreaterEqual, kSD>, kFloat<FloatCompareMagnitudeGreaterEqual, kSD>, kFloatPairwise<FloatMaximum>,
         kFloat<FloatDivide>},
        {kFloatPairwise<FloatMinimumNumber>, nullptr, kFloat<FloatAbsoluteDifference, kSD>, nullptr,
         kFloat<FloatCompareGreater, kSD>, kFloat<FloatCompareMagnitudeGreater, kSD>, kFloatPairwise<FloatMinimum>, nullptr},
    },
};

}  // namespace

bool decodeThreeSame(uint32_t insn, Op& op) {
  const Shape shape = bit(insn, 28) ? Shape::kScalar : bit(insn, 30) ? Shape::kFull : Shape::kHalf;
  const unsigned size = bits(insn, 23, 22), opcode = bits(insn, 15, 11);
  const bool u = bit(insn, 29);
  if (opcode == 3) return select(op, bitwise(u, size, shape));
  const PickSame pick = opcode < 24 ? kInteger[u][opcode] : kFloating[u][size >> 1][opcode - 24];
  const unsigned laneSize = opcode < 24 ? size : 2 + (size & 1);
  return pick != nullptr && select(op, pick(laneSize, shape));
}

}  // namespace cellvisor::machine::fpsimd
