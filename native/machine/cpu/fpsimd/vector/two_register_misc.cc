#include "groups.h"
#include "integer_operations.h"
#include "kernels.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** REV64, REV32, REV16: reverses the lanes within each container. */
template <class T, unsigned kContainerBytes, unsigned kBytes>
void reverse(CpuState& s, const Op& op) {
  constexpr unsigned kPerContainer = kContainerBytes / sizeof(T);
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes / sizeof(T); ++i) setLane<T>(result, i ^ (kPerContainer - 1), lane<T>(s.v[op.rn], i));
  s.v[op.rd] = result;
}

template <class T, unsigned kContainerBytes>
Handler pickReverse(Shape shape) {
  return shape == Shape::kFull ? handler<reverse<T, kContainerBytes, 16>> : handler<reverse<T, kContainerBytes, 8>>;
}

Handler pickReverse64(unsigned size, Shape shape) {
  if (shape == Shape::kScalar) return nullptr;
  return size == 0 ? pickReverse<uint8_t, 8>(shape) : size == 1 ? pickReverse<uint16_t, 8>(shape)
       : size == 2 ? pickReverse<uint32_t, 8>(shape) : nullptr;
}
Handler pickReverse32(unsigned size, Shape shape) {
  if (shape == Shape::kScalar) return nullptr;
  return size == 0 ? pickReverse<uint8_t, 4>(shape) : size == 1 ? pickReverse<uint16_t, 4>(shape) : nullptr;
}
Handler pickReverse16(unsigned size, Shape shape) {
  return shape != Shape::kScalar && size == 0 ? pickReverse<uint8_t, 2>(shape) : nullptr;
}

/** SADDLP, UADDLP, SADALP, UADALP: neighbours added in twice their width. */
template <class T, bool kAccumulate, unsigned kBytes>
void addPairsLong(CpuState& s, const Op& op) {
  using W = Wider<T>;
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes / sizeof(W); ++i) {
    const auto pair = static_cast<W>(static_cast<W>(lane<T>(s.v[op.rn], 2 * i)) + lane<T>(s.v[op.rn], 2 * i + 1));
    setLane<W>(result, i, kAccumulate ? Add::lane<W>(s, 0, lane<W>(s.v[op.rd], i), pair) : pair);
  }
  s.v[op.rd] = result;
}

template <class T, bool kAccumulate>
Handler pickPairs(Shape shape) {
  return shape == Shape::kFull ? handler<addPairsLong<T, kAccumulate, 16>> : handler<addPairsLong<T, kAccumulate, 8>>;
}

template <Sign kSign, bool kAccumulate>
Handler pickAddPairsLong(unsigned size, Shape shape) {
  if (shape == Shape::kScalar) return nullptr;
  return size == 0   ? pickPairs<Lane<kSign, 0>, kAccumulate>(shape)
         : size == 1 ? pickPairs<Lane<kSign, 1>, kAccumulate>(shape)
         : size == 2 ? pickPairs<Lane<kSign, 2>, kAccumulate>(shape)
                     : nullptr;
}

/** SUQADD (T signed) and USQADD (T unsigned): d plus n of the other signedness. */
struct SaturatingAddMixed {
  template <class T>
  static T lane(CpuState& s, T d, T n, T) {
    __extension__ typedef __int128 W;
    using Other = std::conditional_t<std::is_signed_v<T>, std::make_unsigned_t<T>, std::make_signed_t<T>>;
    return saturate<T>(s, static_cast<W>(d) + static_cast<W>(static_cast<Other>(n)));
  }
};
struct SaturatingAbsolute {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    return n < 0 ? subtractSaturating<T>(s, 0, n) : n;
  }
};
struct SaturatingNegate {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    return subtractSaturating<T>(s, 0, n);
  }
};
struct Absolute {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    return n < 0 ? Subtract::lane<T>(s, 0, 0, n) : n;
  }
};
struct Negate {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    return Subtract::lane<T>(s, 0, 0, n);
  }
};
struct CountLeadingZeros {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    constexpr unsigned kWidth = 8 * sizeof(T);
    return static_cast<T>(n == 0 ? kWidth : static_cast<unsigned>(__builtin_clz(n)) - (32 - kWidth));
  }
};
/** CLS: bits after the sign that equal it. */
struct CountLeadingSigns {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    constexpr unsigned kWidth = 8 * sizeof(T);
    return static_cast<T>(static_cast<unsigned>(__builtin_clrsb(n)) - (32 - kWidth));
  }
};
struct CountOnes {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return static_cast<T>(__builtin_popcount(n));
  }
};
struct Not {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return static_cast<T>(~n);
  }
};
struct ReverseBits {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    unsigned result = 0;
    for (unsigned i = 0; i < 8; ++i) result |= ((n >> i) & 1u) << (7 - i);
    return static_cast<T>(result);
  }
};

#define COMPARE_WITH_ZERO(Name, relation)             \
  struct Name {                                       \
    template <class T>                                \
    static T lane(CpuState&, T, T n, T) {             \
      return static_cast<T>(n relation 0 ? -1 : 0);   \
    }                                                 \
  };
COMPARE_WITH_ZERO(GreaterThanZero, >)
COMPARE_WITH_ZERO(GreaterThanOrZero, >=)
COMPARE_WITH_ZERO(EqualZero, ==)
COMPARE_WITH_ZERO(LessThanOrZero, <=)
COMPARE_WITH_ZERO(LessThanZero, <)
#undef COMPARE_WITH_ZERO

/** XTN, SQXTN, UQXTN, SQXTUN. */
struct Truncate {
  template <class N, class W>
  static N lane(CpuState&, W n, W, unsigned) {
    return static_cast<N>(n);
  }
};
template <Sign kTarget>
struct TruncateSaturating {
  template <class N, class W>
  static N lane(CpuState& s, W n, W, unsigned) {
    return static_cast<N>(saturate<Lane<kTarget, kSizeOf<N>>>(s, n));
  }
};
/** SHLL: by the lane's own width. */
struct ShiftLeftByWidth {
  template <class W, class N>
  static W lane(CpuState&, W, W n, W, unsigned) {
    return static_cast<W>(n << (8 * sizeof(N)));
  }
};

constexpr Sign kI = Sign::kSigned, kU = Sign::kUnsigned;

template <class Operation, Sign kSign, unsigned kVector, unsigned kScalar = kNoSize>
constexpr PickSame kSame = pickSame<Operation, kSign, kVector, kScalar, Second::kImmediate>;

/** CNT, and with U: NOT for size 0, RBIT for size 1, both on bytes. */
Handler pickNotOrReverse(unsigned size, Shape shape) {
  if (size == 0) return kSame<Not, kU, kB>(0, shape);
  return size == 1 ? kSame<ReverseBits, kU, kB>(0, shape) : nullptr;
}

/** By U and opcode, 00000..01011. */
constexpr PickSame kSameWidth[2][12] = {
    {pickReverse64, pickReverse16, pickAddPairsLong<kI, false>, kSame<SaturatingAddMixed, kI, kAll, kAll>,
     kSame<CountLeadingSigns, kI, kBHS>, kSame<CountOnes, kU, kB>, pickAddPairsLong<kI, true>,
     kSame<SaturatingAbsolute, kI, kAll, kAll>, kSame<GreaterThanZero, kI, kAll, kD>, kSame<EqualZero, kI, kAll, kD>,
     kSame<LessThanZero, kI, kAll, kD>, kSame<Absolute, kI, kAll, kD>},
    {pickReverse32, nullptr, pickAddPairsLong<kU, false>, kSame<SaturatingAddMixed, kU, kAll, kAll>,
     kSame<CountLeadingZeros, kU, kBHS>, pickNotOrReverse, pickAddPairsLong<kU, true>,
     kSame<SaturatingNegate, kI, kAll, kAll>, kSame<GreaterThanOrZero, kI, kAll, kD>, kSame<LessThanOrZero, kI, kAll, kD>,
     nullptr, kSame<Negate, kU, kAll, kD>},
};

/** By U and opcode, 10010..10100. */
constexpr PickPart kChangingWidth[2][3] = {
    {pickNarrowing<Truncate, kU, kBHS>, nullptr, pickNarrowing<TruncateSaturating<kI>, kI, kBHS, kBHS>},
    {pickNarrowing<TruncateSaturating<kU>, kI, kBHS, kBHS>,
     pickWidening<ShiftLeftByWidth, kU, kBHS, kNoSize, Second::kImmediate>, pickNarrowing<TruncateSaturating<kU>, kU, kBHS, kBHS>},
};

}  // namespace

bool decodeTwoRegisterMisc(uint32_t insn, Op& op) {
  const bool scalar = bit(insn, 28), q = bit(insn, 30), u = bit(insn, 29);
  const unsigned size = bits(insn, 23, 22), opcode = bits(insn, 16, 12);
  if (opcode < 12) {
    const PickSame pick = kSameWidth[u][opcode];
    return pick != nullptr && select(op, pick(size, scalar ? Shape::kScalar : q ? Shape::kFull : Shape::kHalf));
  }
  if (opcode >= 0x12 && opcode <= 0x14) {
    const PickPart pick = kChangingWidth[u][opcode - 0x12];
    return pick != nullptr && select(op, pick(size, scalar ? Part::kScalar : q ? Part::kUpper : Part::kLower));
  }
  return decodeFloatMisc(insn, op);
}

}  // namespace cellvisor::machine::fpsimd
