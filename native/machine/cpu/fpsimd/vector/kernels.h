#pragma once

#include "../handler.h"
#include "../lanes.h"

/**
 * The loops that SIMD instructions consist of. An operation is a struct with one static function that computes one lane:
 *
 *   template <class T> static T lane(CpuState& s, T d, T n, T m);                         for sameWidth: old d, n, and m
 *   template <class W, class N> static W lane(CpuState& s, W d, W n, W m, unsigned k);    for widening: n, m extended already
 *   template <class N, class W> static N lane(CpuState& s, W n, W m, unsigned k);         for narrowing
 *
 * Where `m` comes from is the instruction's: a register, one element of a register, or the immediate in `op.imm`.
 */
namespace cellvisor::machine::fpsimd {

enum class Second { kRegister, kElement, kImmediate };

template <Second kSecond, class T>
T second(const CpuState& s, const Op& op, unsigned index) {
  if constexpr (kSecond == Second::kRegister) return lane<T>(s.v[op.rm], index);
  else if constexpr (kSecond == Second::kElement) return lane<T>(s.v[op.rm], static_cast<unsigned>(op.imm));
  else return static_cast<T>(op.imm);
}

/** d[i] = f(d[i], n[i], m[i]). */
template <class Operation, class T, unsigned kBytes, Second kSecond>
void sameWidth(CpuState& s, const Op& op) {
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes / sizeof(T); ++i) {
    const T m = second<kSecond, T>(s, op, i);
    setLane<T>(result, i, Operation::template lane<T>(s, lane<T>(s.v[op.rd], i), lane<T>(s.v[op.rn], i), m));
  }
  s.v[op.rd] = result;
}

/** Each result lane from two neighbours of n:m. */
template <class Operation, class T, unsigned kBytes>
void pairwise(CpuState& s, const Op& op) {
  constexpr unsigned kPairs = kBytes / sizeof(T) / 2;
  VectorRegister result{};
  for (unsigned i = 0; i < kPairs; ++i) {
    const T low = Operation::template lane<T>(s, 0, lane<T>(s.v[op.rn], 2 * i), lane<T>(s.v[op.rn], 2 * i + 1));
    const T high = Operation::template lane<T>(s, 0, lane<T>(s.v[op.rm], 2 * i), lane<T>(s.v[op.rm], 2 * i + 1));
    setLane<T>(result, i, low);
    setLane<T>(result, kPairs + i, high);
  }
  s.v[op.rd] = result;
}

/** d[i] (wide) = f(d[i], n, m) with narrow n[i] and m[i] extended; with kWideFirst n is wide already. */
template <class Operation, class Narrow, Part kPart, Second kSecond, bool kWideFirst>
void widening(CpuState& s, const Op& op) {
  using W = Wider<Narrow>;
  constexpr unsigned kLanes = kPart == Part::kScalar ? 1 : 8 / sizeof(Narrow);
  constexpr unsigned kFrom = kPart == Part::kUpper ? kLanes : 0;
  VectorRegister result{};
  for (unsigned i = 0; i < kLanes; ++i) {
    const W n = kWideFirst ? lane<W>(s.v[op.rn], i) : static_cast<W>(lane<Narrow>(s.v[op.rn], kFrom + i));
    const W m = kSecond == Second::kImmediate ? W{0} : static_cast<W>(second<kSecond, Narrow>(s, op, kFrom + i));
    const W d = lane<W>(s.v[op.rd], i);
    setLane<W>(result, i, Operation::template lane<W, Narrow>(s, d, n, m, static_cast<unsigned>(op.imm)));
  }
  s.v[op.rd] = result;
}

/** d[i] (narrow) = f(n[i], m[i]) of wide lanes. The upper part leaves the lower half of d alone. */
template <class Operation, class Narrow, Part kPart, Second kSecond>
void narrowing(CpuState& s, const Op& op) {
  using W = Wider<Narrow>;
  constexpr unsigned kLanes = kPart == Part::kScalar ? 1 : 8 / sizeof(Narrow);
  VectorRegister result{};
  if constexpr (kPart == Part::kUpper) result.d[0] = s.v[op.rd].d[0];
  for (unsigned i = 0; i < kLanes; ++i) {
    const W m = kSecond == Second::kImmediate ? W{0} : second<kSecond, W>(s, op, i);
    const Narrow value = Operation::template lane<Narrow, W>(s, lane<W>(s.v[op.rn], i), m, static_cast<unsigned>(op.imm));
    setLane<Narrow>(result, (kPart == Part::kUpper ? kLanes : 0) + i, value);
  }
  s.v[op.rd] = result;
}

/** Handler for a lane size (0..3 for 8..64 bits) and a shape; null where the instruction does not have it. */
using PickSame = Handler (*)(unsigned size, Shape shape);
/** The same for widening and narrowing, by the narrow side's size. */
using PickPart = Handler (*)(unsigned size, Part part);

/** Sets of lane sizes, bit n for size n. */
constexpr unsigned kNoSize = 0, kB = 1, kH = 2, kS = 4, kD = 8, kBHS = 7, kHS = 6, kSD = 12, kAll = 15;

template <class Operation, Sign kSign, unsigned kSize, unsigned kVector, unsigned kScalar, Second kSecond>
Handler pickShape(Shape shape) {
  using T = Lane<kSign, kSize>;
  if constexpr (((kScalar >> kSize) & 1) != 0) {
    if (shape == Shape::kScalar) return handler<sameWidth<Operation, T, sizeof(T), kSecond>>;
  }
  if constexpr (((kVector >> kSize) & 1) != 0) {
    if (shape == Shape::kFull) return handler<sameWidth<Operation, T, 16, kSecond>>;
    if constexpr (kSize != 3) {
      if (shape == Shape::kHalf) return handler<sameWidth<Operation, T, 8, kSecond>>;
    }
  }
  return nullptr;
}

template <class Operation, Sign kSign, unsigned kVector, unsigned kScalar, Second kSecond = Second::kRegister>
Handler pickSame(unsigned size, Shape shape) {
  switch (size) {
    case 0: return pickShape<Operation, kSign, 0, kVector, kScalar, kSecond>(shape);
    case 1: return pickShape<Operation, kSign, 1, kVector, kScalar, kSecond>(shape);
    case 2: return pickShape<Operation, kSign, 2, kVector, kScalar, kSecond>(shape);
    default: return pickShape<Operation, kSign, 3, kVector, kScalar, kSecond>(shape);
  }
}

template <class Operation, class T, unsigned kVector>
Handler pickPairwiseShape(Shape shape) {
  if constexpr (((kVector >> kSizeOf<T>)&1) != 0) {
    if (shape == Shape::kFull) return handler<pairwise<Operation, T, 16>>;
    if constexpr (sizeof(T) != 8) {
      if (shape == Shape::kHalf) return handler<pairwise<Operation, T, 8>>;
    }
  }
  return nullptr;
}

template <class Operation, Sign kSign, unsigned kVector>
Handler pickPairwise(unsigned size, Shape shape) {
  switch (size) {
    case 0: return pickPairwiseShape<Operation, Lane<kSign, 0>, kVector>(shape);
    case 1: return pickPairwiseShape<Operation, Lane<kSign, 1>, kVector>(shape);
    case 2: return pickPairwiseShape<Operation, Lane<kSign, 2>, kVector>(shape);
    default: return pickPairwiseShape<Operation, Lane<kSign, 3>, kVector>(shape);
  }
}

template <class Operation, class Narrow, Second kSecond, bool kWideFirst, unsigned kVector, unsigned kScalar>
Handler pickWideningPart(Part part) {
  if constexpr (((kScalar >> kSizeOf<Narrow>)&1) != 0) {
    if (part == Part::kScalar) return handler<widening<Operation, Narrow, Part::kScalar, kSecond, kWideFirst>>;
  }
  if constexpr (((kVector >> kSizeOf<Narrow>)&1) != 0) {
    if (part == Part::kLower) return handler<widening<Operation, Narrow, Part::kLower, kSecond, kWideFirst>>;
    if (part == Part::kUpper) return handler<widening<Operation, Narrow, Part::kUpper, kSecond, kWideFirst>>;
  }
  return nullptr;
}

template <class Operation, Sign kSign, unsigned kVector, unsigned kScalar = kNoSize, Second kSecond = Second::kRegister,
          bool kWideFirst = false>
Handler pickWidening(unsigned size, Part part) {
  switch (size) {
    case 0: return pickWideningPart<Operation, Lane<kSign, 0>, kSecond, kWideFirst, kVector, kScalar>(part);
    case 1: return pickWideningPart<Operation, Lane<kSign, 1>, kSecond, kWideFirst, kVector, kScalar>(part);
    case 2: return pickWideningPart<Operation, Lane<kSign, 2>, kSecond, kWideFirst, kVector, kScalar>(part);
    default: return nullptr;
  }
}

template <class Operation, class Narrow, Second kSecond, unsigned kVector, unsigned kScalar>
Handler pickNarrowingPart(Part part) {
  if constexpr (((kScalar >> kSizeOf<Narrow>)&1) != 0) {
    if (part == Part::kScalar) return handler<narrowing<Operation, Narrow, Part::kScalar, kSecond>>;
  }
  if constexpr (((kVector >> kSizeOf<Narrow>)&1) != 0) {
    if (part == Part::kLower) return handler<narrowing<Operation, Narrow, Part::kLower, kSecond>>;
    if (part == Part::kUpper) return handler<narrowing<Operation, Narrow, Part::kUpper, kSecond>>;
  }
  return nullptr;
}

template <class Operation, Sign kSign, unsigned kVector, unsigned kScalar = kNoSize, Second kSecond = Second::kImmediate>
Handler pickNarrowing(unsigned size, Part part) {
  switch (size) {
    case 0: return pickNarrowingPart<Operation, Lane<kSign, 0>, kSecond, kVector, kScalar>(part);
    case 1: return pickNarrowingPart<Operation, Lane<kSign, 1>, kSecond, kVector, kScalar>(part);
    case 2: return pickNarrowingPart<Operation, Lane<kSign, 2>, kSecond, kVector, kScalar>(part);
    default: return nullptr;
  }
}

}  // namespace cellvisor::machine::fpsimd
