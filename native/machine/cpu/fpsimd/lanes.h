#pragma once

#include <cstring>
#include <type_traits>

#include "../state.h"

namespace cellvisor::machine::fpsimd {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "lanes are read as the host lays them out");

template <class T>
T lane(const VectorRegister& v, unsigned index) {
  T value;
  std::memcpy(&value, v.b.data() + index * sizeof(T), sizeof(T));
  return value;
}

template <class T>
void setLane(VectorRegister& v, unsigned index, T value) {
  std::memcpy(v.b.data() + index * sizeof(T), &value, sizeof(T));
}

/** A scalar result: lane 0, all above it zero. */
template <class T>
void setScalar(VectorRegister& v, T value) {
  v.d[0] = static_cast<std::make_unsigned_t<T>>(value);
  v.d[1] = 0;
}

enum class Sign { kSigned, kUnsigned };

template <Sign kSign, unsigned kSize>
struct LaneType;
template <> struct LaneType<Sign::kSigned, 0> { using Type = int8_t; };
template <> struct LaneType<Sign::kSigned, 1> { using Type = int16_t; };
template <> struct LaneType<Sign::kSigned, 2> { using Type = int32_t; };
template <> struct LaneType<Sign::kSigned, 3> { using Type = int64_t; };
template <> struct LaneType<Sign::kUnsigned, 0> { using Type = uint8_t; };
template <> struct LaneType<Sign::kUnsigned, 1> { using Type = uint16_t; };
template <> struct LaneType<Sign::kUnsigned, 2> { using Type = uint32_t; };
template <> struct LaneType<Sign::kUnsigned, 3> { using Type = uint64_t; };
/** The integer type of 8 << kSize bits. */
template <Sign kSign, unsigned kSize>
using Lane = typename LaneType<kSign, kSize>::Type;

template <class T>
constexpr Sign kSignOf = std::is_signed_v<T> ? Sign::kSigned : Sign::kUnsigned;
template <class T>
constexpr unsigned kSizeOf = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
/** The type of twice (half) the width and the same signedness. */
template <class T>
using Wider = Lane<kSignOf<T>, kSizeOf<T> + 1>;
template <class T>
using Narrower = Lane<kSignOf<T>, kSizeOf<T> - 1>;

/** An unsigned type of at least 32 bits: C++ promotes narrower ones to int, whose products can overflow. */
template <class T>
using Modular = std::conditional_t<(sizeof(T) < 4), uint32_t, std::make_unsigned_t<T>>;

/** How much of the destination an instruction computes; the rest becomes zero. */
enum class Shape { kScalar, kHalf, kFull };

/** Which half of a register the narrow side of a widening or narrowing instruction is (Q: the "2" forms), or lane 0 alone. */
enum class Part { kScalar, kLower, kUpper };

}  // namespace cellvisor::machine::fpsimd
