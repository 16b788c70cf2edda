#include <array>

#include "address.h"

namespace cellvisor::machine::loadstore {
namespace {

/** When both registers are the same, the first one's value stays: one of the choices that are left open (K1.2). */
template <class T, class Result>
inline void setPair(CpuState& state, const Op* op, T first, T second) {
  state.x[op->ra] = static_cast<Result>(second);
  state.x[op->rd] = static_cast<Result>(first);
}

template <class T, class Result, Mode kMode>
[[gnu::noinline]] void loadSlowly(Cpu& cpu, const Op* op, uint64_t address) {
  T first, second;
  if (!cpu.loadPair(op, address, first, second)) return;
  setPair<T, Result>(cpu.state(), op, first, second);
  writeBack<kMode>(cpu.state(), op, address);
  return cpu.proceed(op);
}

template <class T, class Result, Mode kMode, bool kOnStack>
void executeLoad(Cpu& cpu, const Op* op) {
  if (kOnStack && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  CpuState& state = cpu.state();
  const uint64_t address = addressOf<kMode>(state, op);
  const TlbEntry& entry = cpu.readEntry(address);
  if (__builtin_expect(!entry.admits(address, 2 * sizeof(T), sizeof(T)), 0)) {
    return loadSlowly<T, Result, kMode>(cpu, op, address);
  }
  T first, second;
  std::memcpy(&first, entry.host(address), sizeof(T));
  std::memcpy(&second, entry.host(address) + sizeof(T), sizeof(T));
  setPair<T, Result>(state, op, first, second);
  writeBack<kMode>(state, op, address);
  return next(cpu, op);
}

template <class T, Mode kMode>
[[gnu::noinline]] void storeSlowly(Cpu& cpu, const Op* op, uint64_t address) {
  const CpuState& state = cpu.state();
  if (!cpu.storePair(op, address, static_cast<T>(state.x[op->rd]), static_cast<T>(state.x[op->ra]))) return;
  writeBack<kMode>(cpu.state(), op, address);
  return cpu.proceed(op);
}

template <class T, Mode kMode, bool kOnStack>
void executeStore(Cpu& cpu, const Op* op) {
  if (kOnStack && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  CpuState& state = cpu.state();
  const uint64_t address = addressOf<kMode>(state, op);
  const TlbEntry& entry = cpu.writeEntry(address);
  if (__builtin_expect(!entry.admits(address, 2 * sizeof(T), sizeof(T)), 0)) {
    return storeSlowly<T, kMode>(cpu, op, address);
  }
  const T first = static_cast<T>(state.x[op->rd]), second = static_cast<T>(state.x[op->ra]);
  std::memcpy(entry.host(address), &first, sizeof(T));
  std::memcpy(entry.host(address) + sizeof(T), &second, sizeof(T));
  writeBack<kMode>(state, op, address);
  return next(cpu, op);
}

template <class T, class Result>
Handler pickLoad(Mode mode, bool onStack) {
  static constexpr Handler kForms[kPairModes][2] = {
      {executeLoad<T, Result, Mode::kOffset, false>, executeLoad<T, Result, Mode::kOffset, true>},
      {executeLoad<T, Result, Mode::kPreIndex, false>, executeLoad<T, Result, Mode::kPreIndex, true>},
      {executeLoad<T, Result, Mode::kPostIndex, false>, executeLoad<T, Result, Mode::kPostIndex, true>},
  };
  return kForms[static_cast<unsigned>(mode)][onStack];
}

template <class T>
Handler pickStore(Mode mode, bool onStack) {
  static constexpr Handler kForms[kPairModes][2] = {
      {executeStore<T, Mode::kOffset, false>, executeStore<T, Mode::kOffset, true>},
      {executeStore<T, Mode::kPreIndex, false>, executeStore<T, Mode::kPreIndex, true>},
      {executeStore<T, Mode::kPostIndex, false>, executeStore<T, Mode::kPostIndex, true>},
  };
  return kForms[static_cast<unsigned>(mode)][onStack];
}

}  // namespace

Handler loadPair(unsigned sizeLog2, bool signExtend, Mode mode, bool onStack) {
  if (signExtend) return pickLoad<int32_t, int64_t>(mode, onStack);
  return sizeLog2 == 3 ? pickLoad<uint64_t, uint64_t>(mode, onStack) : pickLoad<uint32_t, uint64_t>(mode, onStack);
}

Handler storePair(unsigned sizeLog2, Mode mode, bool onStack) {
  return sizeLog2 == 3 ? pickStore<uint64_t>(mode, onStack) : pickStore<uint32_t>(mode, onStack);
}

}  // namespace cellvisor::machine::loadstore
