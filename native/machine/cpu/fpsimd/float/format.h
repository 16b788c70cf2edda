#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "../../state.h"

namespace cellvisor::machine::fpsimd {

__extension__ typedef unsigned __int128 Wide;

/** FPCR fields of an Armv8.0 core; trap enables are RES0 on a Cortex-A53 (Arm ARM DDI 0487, C5.2.8). */
namespace fpcr {
constexpr uint32_t kAlternativeHalf = 1u << 26, kDefaultNan = 1u << 25, kFlushToZero = 1u << 24, kRoundingMode = 3u << 22;
}  // namespace fpcr

/** Cumulative bits of FPSR (Arm ARM C5.2.9). */
namespace fpsr {
constexpr uint32_t kInvalidOperation = 1u << 0, kDivideByZero = 1u << 1, kOverflow = 1u << 2, kUnderflow = 1u << 3,
                   kInexact = 1u << 4, kInputDenormal = 1u << 7, kSaturated = 1u << 27;
}  // namespace fpsr

/** The first four are FPCR.RMode's values and the rmode field's of FCVT*S and FRINT*. */
enum class Rounding : uint8_t { kNearestEven, kTowardsPlus, kTowardsMinus, kTowardsZero, kNearestAway, kOdd };

inline Rounding currentRounding(const CpuState& s) {
  return static_cast<Rounding>((s.fpcr & fpcr::kRoundingMode) >> 22);
}

/** An IEEE 754 binary interchange format, as bits. `HostType` is the C++ type with the same bits. */
template <class BitsType, class HostType, unsigned kExponentWidth, unsigned kFractionWidth>
struct Format {
  using Bits = BitsType;
  using Host = HostType;
  static constexpr unsigned kWidth = 8 * sizeof(Bits);
  static constexpr unsigned kExponentBits = kExponentWidth;
  static constexpr unsigned kFractionBits = kFractionWidth;
  static constexpr int kBias = (1 << (kExponentWidth - 1)) - 1;
  static constexpr int kMinimumExponent = 1 - kBias;
  static constexpr unsigned kExponentMaximum = (1u << kExponentWidth) - 1;
  static constexpr Bits kSign = static_cast<Bits>(Bits{1} << (kWidth - 1));
  static constexpr Bits kFractionMask = static_cast<Bits>((Bits{1} << kFractionWidth) - 1);
  static constexpr Bits kInfinity = static_cast<Bits>(static_cast<Bits>(kExponentMaximum) << kFractionWidth);
  static constexpr Bits kLargest = static_cast<Bits>(kInfinity - 1);
  static constexpr Bits kQuiet = static_cast<Bits>(Bits{1} << (kFractionWidth - 1));
  static constexpr Bits kDefaultNan = static_cast<Bits>(kInfinity | kQuiet);
  static constexpr Bits kOne = static_cast<Bits>(static_cast<Bits>(kBias) << kFractionWidth);

  static constexpr Bits signOf(bool negative) { return negative ? kSign : Bits{0}; }
  static constexpr Bits zero(bool negative) { return signOf(negative); }
  static constexpr Bits infinity(bool negative) { return static_cast<Bits>(signOf(negative) | kInfinity); }
  static constexpr Bits largest(bool negative) { return static_cast<Bits>(signOf(negative) | kLargest); }
  static constexpr bool isNan(Bits x) { return static_cast<Bits>(x & ~kSign) > kInfinity; }
  static constexpr unsigned exponentField(Bits x) { return static_cast<unsigned>(x >> kFractionWidth) & kExponentMaximum; }

  static Host toHost(Bits x) {
    Host h;
    std::memcpy(&h, &x, sizeof h);
    return h;
  }
  static Bits fromHost(Host h) {
    Bits x;
    std::memcpy(&x, &h, sizeof x);
    return x;
  }
};

/** Armv8.0 stores and converts half precision, but does not calculate with it. */
using Half = Format<uint16_t, uint16_t, 5, 10>;
using Single = Format<uint32_t, float, 8, 23>;
using Double = Format<uint64_t, double, 11, 52>;

template <class Bits>
struct FormatOfBits;
template <>
struct FormatOfBits<uint16_t> {
  using Type = Half;
};
template <>
struct FormatOfBits<uint32_t> {
  using Type = Single;
};
template <>
struct FormatOfBits<uint64_t> {
  using Type = Double;
};
/** The format that a lane of type T (signed or unsigned) holds. */
template <class T>
using FormatOf = typename FormatOfBits<std::make_unsigned_t<T>>::Type;

}  // namespace cellvisor::machine::fpsimd
