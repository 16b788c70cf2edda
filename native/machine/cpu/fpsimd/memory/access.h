#pragma once

#include "../../cpu.h"
#include "../handler.h"
#include "../lanes.h"

namespace cellvisor::machine::fpsimd {

/** What comes before every access: FP must be enabled, and SP aligned if it is the base. False: an exception was taken. */
inline bool mayAccess(Cpu& cpu, const Op* op) {
  if (!cpu.fpEnabled()) {
    cpu.trapFpAccess(op);
    return false;
  }
  if (op->rn == kStackPointer && !cpu.stackAligned()) {
    cpu.stackAlignmentFault(op);
    return false;
  }
  return true;
}

/** Fills a V register from a loaded value of up to 16 bytes; the rest becomes zero. */
template <class T>
void setLoaded(VectorRegister& v, const T& value) {
  if constexpr (sizeof(T) == 16) v = value;
  else setScalar(v, value);
}

template <class T>
T storedValue(const VectorRegister& v) {
  if constexpr (sizeof(T) == 16) return v;
  else return lane<T>(v, 0);
}

/** Sign-extends the low `width` bits. */
constexpr uint64_t signExtend(uint64_t value, unsigned width) {
  const uint64_t sign = uint64_t{1} << (width - 1);
  return ((value & ((sign << 1) - 1)) ^ sign) - sign;
}

/** Access and base update of a memory handler; it ends in an exception instead of the next instruction if `access` fails. */
template <bool (*kAccess)(Cpu&, const Op*)>
void memoryHandler(Cpu& cpu, const Op* op) {
  if (!mayAccess(cpu, op) || !kAccess(cpu, op)) return;
  return next(cpu, op);
}

}  // namespace cellvisor::machine::fpsimd
