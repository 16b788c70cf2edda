#pragma once

#include "saturation.h"

/** Lane operations that more than one encoding group has. */
namespace cellvisor::machine::fpsimd {

struct Add {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(static_cast<Modular<T>>(n) + static_cast<Modular<T>>(m));
  }
};
struct Subtract {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(static_cast<Modular<T>>(n) - static_cast<Modular<T>>(m));
  }
};
struct Multiply {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return static_cast<T>(static_cast<Modular<T>>(n) * static_cast<Modular<T>>(m));
  }
};
struct MultiplyAdd {
  template <class T>
  static T lane(CpuState&, T d, T n, T m) {
    return static_cast<T>(static_cast<Modular<T>>(d) + static_cast<Modular<T>>(n) * static_cast<Modular<T>>(m));
  }
};
struct MultiplySubtract {
  template <class T>
  static T lane(CpuState&, T d, T n, T m) {
    return static_cast<T>(static_cast<Modular<T>>(d) - static_cast<Modular<T>>(n) * static_cast<Modular<T>>(m));
  }
};
struct Maximum {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return n > m ? n : m;
  }
};
struct Minimum {
  template <class T>
  static T lane(CpuState&, T, T n, T m) {
    return n < m ? n : m;
  }
};
struct AbsoluteDifference {
  template <class T>
  static T lane(CpuState& s, T d, T n, T m) {
    return n > m ? Subtract::lane<T>(s, d, n, m) : Subtract::lane<T>(s, d, m, n);
  }
};
struct AbsoluteDifferenceAccumulate {
  template <class T>
  static T lane(CpuState& s, T d, T n, T m) {
    return Add::lane<T>(s, d, d, AbsoluteDifference::lane<T>(s, d, n, m));
  }
};

/** SQDMULH, SQRDMULH: the upper half of 2 * n * m. */
template <bool kRound>
struct DoubleMultiplyHigh {
  template <class T>
  static T lane(CpuState& s, T, T n, T m) {
    constexpr unsigned kWidth = 8 * sizeof(T);
    const int64_t product = static_cast<int64_t>(n) * m;
    // One bit less to shift than 2 * n * m, which int64_t could not hold.
    return saturate<T>(s, (product + (kRound ? int64_t{1} << (kWidth - 2) : 0)) >> (kWidth - 1));
  }
};

/** Takes a same-width operation to wide lanes: SADDL is an addition of extended lanes. */
template <class Operation>
struct Long {
  template <class W, class>
  static W lane(CpuState& s, W d, W n, W m, unsigned) {
    return Operation::template lane<W>(s, d, n, m);
  }
};

struct DoubleMultiplyLong {
  template <class W, class>
  static W lane(CpuState& s, W, W n, W m, unsigned) {
    return doubleProduct<W>(s, n, m);
  }
};
struct DoubleMultiplyAddLong {
  template <class W, class>
  static W lane(CpuState& s, W d, W n, W m, unsigned) {
    return addSaturating<W>(s, d, doubleProduct<W>(s, n, m));
  }
};
struct DoubleMultiplySubtractLong {
  template <class W, class>
  static W lane(CpuState& s, W d, W n, W m, unsigned) {
    return subtractSaturating<W>(s, d, doubleProduct<W>(s, n, m));
  }
};

}  // namespace cellvisor::machine::fpsimd
