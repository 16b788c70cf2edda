#pragma once

#include "../lanes.h"
#include "arithmetic.h"
#include "compare.h"
#include "convert.h"
#include "estimate.h"

/**
 * Floating-point lane operations, scalar and vector. T is the unsigned type with the format's width, except where a lane is an
 * integer: there its signedness is the instruction's.
 */
namespace cellvisor::machine::fpsimd {

template <class T>
T magnitude(T x) {
  return x & static_cast<T>(~FormatOf<T>::kSign);
}
template <class T>
T maskIf(bool condition) {
  return condition ? static_cast<T>(~T{0}) : T{0};
}

#define FLOAT_OPERATION(Name, expression)                                          \
  struct Name {                                                                    \
    template <class T>                                                             \
    static T lane(CpuState& s, [[maybe_unused]] T d, T n, [[maybe_unused]] T m) {   \
      using F = FormatOf<T>;                                                       \
      return expression;                                                           \
    }                                                                              \
  };

FLOAT_OPERATION(FloatAdd, add<F>(s, n, m))
FLOAT_OPERATION(FloatSubtract, subtract<F>(s, n, m))
FLOAT_OPERATION(FloatMultiply, multiply<F>(s, n, m))
FLOAT_OPERATION(FloatMultiplyExtended, multiplyExtended<F>(s, n, m))
FLOAT_OPERATION(FloatMultiplyNegate, negate<F>(multiply<F>(s, n, m)))
FLOAT_OPERATION(FloatDivide, divide<F>(s, n, m))
FLOAT_OPERATION(FloatMultiplyAdd, multiplyAdd<F>(s, d, n, m))
FLOAT_OPERATION(FloatMultiplySubtract, multiplyAdd<F>(s, d, negate<F>(n), m))
FLOAT_OPERATION(FloatMaximum, maximum<F>(s, n, m))
FLOAT_OPERATION(FloatMinimum, minimum<F>(s, n, m))
FLOAT_OPERATION(FloatMaximumNumber, maximumNumber<F>(s, n, m))
FLOAT_OPERATION(FloatMinimumNumber, minimumNumber<F>(s, n, m))
FLOAT_OPERATION(FloatAbsoluteDifference, magnitude(subtract<F>(s, n, m)))
FLOAT_OPERATION(FloatReciprocalStep, reciprocalStep<F>(s, n, m))
FLOAT_OPERATION(FloatReciprocalRootStep, reciprocalRootStep<F>(s, n, m))
FLOAT_OPERATION(FloatCompareEqual, maskIf<T>(isEqual<F>(s, n, m)))
FLOAT_OPERATION(FloatCompareGreater, maskIf<T>(isGreater<F>(s, n, m)))
FLOAT_OPERATION(FloatCompareGreaterEqual, maskIf<T>(isGreaterOrEqual<F>(s, n, m)))
FLOAT_OPERATION(FloatCompareMagnitudeGreater, maskIf<T>(isGreater<F>(s, magnitude(n), magnitude(m))))
FLOAT_OPERATION(FloatCompareMagnitudeGreaterEqual, maskIf<T>(isGreaterOrEqual<F>(s, magnitude(n), magnitude(m))))

#undef FLOAT_OPERATION

struct FloatAbsolute {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return magnitude(n);
  }
};
struct FloatNegate {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return negate<FormatOf<T>>(n);
  }
};

#define FLOAT_UNARY(Name, expression)                   \
  struct Name {                                         \
    template <class T>                                  \
    static T lane(CpuState& s, T, T n, T) {             \
      using F = FormatOf<T>;                            \
      return expression;                                \
    }                                                   \
  };
FLOAT_UNARY(FloatSquareRoot, squareRoot<F>(s, n))
FLOAT_UNARY(FloatReciprocalEstimate, reciprocalEstimate<F>(s, n))
FLOAT_UNARY(FloatReciprocalRootEstimate, reciprocalRootEstimate<F>(s, n))
FLOAT_UNARY(FloatReciprocalExponent, reciprocalExponent<F>(s, n))
FLOAT_UNARY(FloatGreaterZero, maskIf<T>(isGreater<F>(s, n, 0)))
FLOAT_UNARY(FloatGreaterEqualZero, maskIf<T>(isGreaterOrEqual<F>(s, n, 0)))
FLOAT_UNARY(FloatEqualZero, maskIf<T>(isEqual<F>(s, n, 0)))
FLOAT_UNARY(FloatLessEqualZero, maskIf<T>(isGreaterOrEqual<F>(s, 0, n)))
FLOAT_UNARY(FloatLessZero, maskIf<T>(isGreater<F>(s, 0, n)))
#undef FLOAT_UNARY

struct UnsignedReciprocalEstimate {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return unsignedReciprocalEstimate(n);
  }
};
struct UnsignedReciprocalRootEstimate {
  template <class T>
  static T lane(CpuState&, T, T n, T) {
    return unsignedReciprocalRootEstimate(n);
  }
};

/** FRINT*. No mode: the current one. */
enum class Mode { kNearestEven, kTowardsPlus, kTowardsMinus, kTowardsZero, kNearestAway, kCurrent };

template <Mode kMode>
Rounding roundingOf(const CpuState& s) {
  return kMode == Mode::kCurrent ? currentRounding(s) : static_cast<Rounding>(kMode);
}

template <Mode kMode, bool kReportInexact = false>
struct RoundToIntegral {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    return roundToIntegral<FormatOf<T>>(s, n, roundingOf<kMode>(s), kReportInexact);
  }
};

/** FCVT{N,P,M,Z,A}{S,U}: T is the integer. */
template <Mode kMode>
struct ToInteger {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    using F = FormatOf<T>;
    const Fixed target{F::kWidth, std::is_signed_v<T>};
    return static_cast<T>(toFixed<F>(s, static_cast<typename F::Bits>(n), target, roundingOf<kMode>(s)));
  }
};
struct FromInteger {
  template <class T>
  static T lane(CpuState& s, T, T n, T) {
    using F = FormatOf<T>;
    return static_cast<T>(fromFixed<F>(s, static_cast<uint64_t>(n), {F::kWidth, std::is_signed_v<T>}));
  }
};

}  // namespace cellvisor::machine::fpsimd
