#include "../handler.h"
#include "../lanes.h"
#include "groups.h"

namespace cellvisor::machine::fpsimd {

namespace {

/** DUP (element), also scalar; the index is op.imm. */
template <class T, unsigned kBytes>
void duplicateElement(CpuState& s, const Op& op) {
  const T value = lane<T>(s.v[op.rn], static_cast<unsigned>(op.imm));
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes / sizeof(T); ++i) setLane<T>(result, i, value);
  s.v[op.rd] = result;
}

template <class T, unsigned kBytes>
void duplicateGeneral(CpuState& s, const Op& op) {
  const auto value = static_cast<T>(s.x[op.rn]);
  VectorRegister result{};
  for (unsigned i = 0; i < kBytes / sizeof(T); ++i) setLane<T>(result, i, value);
  s.v[op.rd] = result;
}

template <class T>
void insertGeneral(CpuState& s, const Op& op) {
  setLane<T>(s.v[op.rd], static_cast<unsigned>(op.imm), static_cast<T>(s.x[op.rn]));
}

/** INS (element): to index op.imm, from index op.ra. */
template <class T>
void insertElement(CpuState& s, const Op& op) {
  setLane<T>(s.v[op.rd], static_cast<unsigned>(op.imm), lane<T>(s.v[op.rn], op.ra));
}

/** UMOV, and SMOV with T signed and To the register's width. */
template <class T, class To>
void moveToGeneral(CpuState& s, const Op& op) {
  s.x[op.rd] = static_cast<To>(static_cast<std::make_signed_t<To>>(lane<T>(s.v[op.rn], static_cast<unsigned>(op.imm))));
}

Handler pickDuplicateElement(unsigned size, bool scalar, bool q) {
  switch (size) {
    case 0:
      return scalar ? handler<duplicateElement<uint8_t, 1>>
             : q    ? handler<duplicateElement<uint8_t, 16>>
                    : handler<duplicateElement<uint8_t, 8>>;
    case 1:
      return scalar ? handler<duplicateElement<uint16_t, 2>>
             : q    ? handler<duplicateElement<uint16_t, 16>>
                    : handler<duplicateElement<uint16_t, 8>>;
    case 2:
      return scalar ? handler<duplicateElement<uint32_t, 4>>
             : q    ? handler<duplicateElement<uint32_t, 16>>
                    : handler<duplicateElement<uint32_t, 8>>;
    default:
      return scalar ? handler<duplicateElement<uint64_t, 8>> : q ? handler<duplicateElement<uint64_t, 16>> : nullptr;
  }
}

Handler pickDuplicateGeneral(unsigned size, bool q) {
  switch (size) {
    case 0: return q ? handler<duplicateGeneral<uint8_t, 16>> : handler<duplicateGeneral<uint8_t, 8>>;
    case 1: return q ? handler<duplicateGeneral<uint16_t, 16>> : handler<duplicateGeneral<uint16_t, 8>>;
    case 2: return q ? handler<duplicateGeneral<uint32_t, 16>> : handler<duplicateGeneral<uint32_t, 8>>;
    default: return q ? handler<duplicateGeneral<uint64_t, 16>> : nullptr;
  }
}

constexpr Handler kInsertGeneral[4] = {handler<insertGeneral<uint8_t>>, handler<insertGeneral<uint16_t>>,
                                       handler<insertGeneral<uint32_t>>, handler<insertGeneral<uint64_t>>};
constexpr Handler kInsertElement[4] = {handler<insertElement<uint8_t>>, handler<insertElement<uint16_t>>,
                                       handler<insertElement<uint32_t>>, handler<insertElement<uint64_t>>};
/** By Q and size. UMOV of a narrow lane has no 64-bit form: W writes zero-extend anyway. */
constexpr Handler kMoveUnsigned[2][4] = {
    {handler<moveToGeneral<uint8_t, uint32_t>>, handler<moveToGeneral<uint16_t, uint32_t>>,
     handler<moveToGeneral<uint32_t, uint32_t>>, nullptr},
    {nullptr, nullptr, nullptr, handler<moveToGeneral<uint64_t, uint64_t>>},
};
constexpr Handler kMoveSigned[2][4] = {
    {handler<moveToGeneral<int8_t, uint32_t>>, handler<moveToGeneral<int16_t, uint32_t>>, nullptr, nullptr},
    {handler<moveToGeneral<int8_t, uint64_t>>, handler<moveToGeneral<int16_t, uint64_t>>, handler<moveToGeneral<int32_t, uint64_t>>,
     nullptr},
};

}  // namespace

/** Vector copy and scalar copy: DUP, INS, SMOV, UMOV. */
bool decodeCopy(uint32_t insn, Op& op) {
  const bool scalar = bit(insn, 28), q = bit(insn, 30), isInsertElement = bit(insn, 29);
  const unsigned imm5 = bits(insn, 20, 16), imm4 = bits(insn, 14, 11);
  if ((imm5 & 15) == 0) return false;
  // The lowest one of imm5 gives the lane size, what is above it the index.
  const auto size = static_cast<unsigned>(__builtin_ctz(imm5));
  op.imm = imm5 >> (size + 1);
  if (scalar) return !isInsertElement && imm4 == 0 && select(op, pickDuplicateElement(size, true, false));
  if (isInsertElement) {
    op.ra = static_cast<uint8_t>(imm4 >> size);
    return q && select(op, kInsertElement[size]);
  }
  switch (imm4) {
    case 0: return select(op, pickDuplicateElement(size, false, q));
    case 1: op.rn = readSlot(op.rn); return select(op, pickDuplicateGeneral(size, q));
    case 3: op.rn = readSlot(op.rn); return q && select(op, kInsertGeneral[size]);
    case 5: op.rd = writeSlot(op.rd); return select(op, kMoveSigned[q][size]);
    case 7: op.rd = writeSlot(op.rd); return select(op, kMoveUnsigned[q][size]);
    default: return false;
  }
}

}  // namespace cellvisor::machine::fpsimd
