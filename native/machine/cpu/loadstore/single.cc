#include <array>
#include <utility>

#include "address.h"

namespace cellvisor::machine::loadstore {
namespace {

/** A load's access type and what becomes of the value. */
template <class T, class Result>
struct Form {
  using Memory = T;
  static uint64_t extend(T value) { return static_cast<Result>(value); }
};

template <class F, Mode kMode>
[[gnu::noinline]] void loadSlowly(Cpu& cpu, const Op* op, uint64_t address) {
  typename F::Memory value;
  if (!cpu.load(op, address, value)) return;
  cpu.state().x[op->rd] = F::extend(value);
  writeBack<kMode>(cpu.state(), op, address);
  return cpu.proceed(op);
}

template <class F, Mode kMode, bool kOnStack>
void executeLoad(Cpu& cpu, const Op* op) {
  using T = typename F::Memory;
  if (kOnStack && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  CpuState& state = cpu.state();
  const uint64_t address = addressOf<kMode>(state, op);
  const TlbEntry& entry = cpu.readEntry(address);
  if (__builtin_expect(!entry.admits(address, sizeof(T), sizeof(T)), 0)) return loadSlowly<F, kMode>(cpu, op, address);
  T value;
  std::memcpy(&value, entry.host(address), sizeof(T));
  state.x[op->rd] = F::extend(value);
  writeBack<kMode>(state, op, address);
  return next(cpu, op);
}

template <class T, Mode kMode>
[[gnu::noinline]] void storeSlowly(Cpu& cpu, const Op* op, uint64_t address) {
  if (!cpu.store(op, address, static_cast<T>(cpu.state().x[op->rd]))) return;
  writeBack<kMode>(cpu.state(), op, address);
  return cpu.proceed(op);
}

template <class T, Mode kMode, bool kOnStack>
void executeStore(Cpu& cpu, const Op* op) {
  if (kOnStack && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  CpuState& state = cpu.state();
  const uint64_t address = addressOf<kMode>(state, op);
  const TlbEntry& entry = cpu.writeEntry(address);
  if (__builtin_expect(!entry.admits(address, sizeof(T), sizeof(T)), 0)) return storeSlowly<T, kMode>(cpu, op, address);
  const T value = static_cast<T>(state.x[op->rd]);
  std::memcpy(entry.host(address), &value, sizeof(T));
  writeBack<kMode>(state, op, address);
  return next(cpu, op);
}

template <class F>
void executeLoadUnprivileged(Cpu& cpu, const Op* op) {
  if (op->rn == kStackPointer && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  typename F::Memory value;
  if (!cpu.loadAs(0, op, cpu.state().x[op->rn] + op->imm, value)) return;
  cpu.state().x[op->rd] = F::extend(value);
  return cpu.proceed(op);
}

template <class T>
void executeStoreUnprivileged(Cpu& cpu, const Op* op) {
  if (op->rn == kStackPointer && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  if (!cpu.storeAs(0, op, cpu.state().x[op->rn] + op->imm, static_cast<T>(cpu.state().x[op->rd]))) return;
  return cpu.proceed(op);
}

using Modes = std::array<std::array<Handler, 2>, kModes>;

template <class F, size_t... kMode>
constexpr Modes loadModes(std::index_sequence<kMode...>) {
  return {{{executeLoad<F, static_cast<Mode>(kMode), false>, executeLoad<F, static_cast<Mode>(kMode), true>}...}};
}

template <class T, size_t... kMode>
constexpr Modes storeModes(std::index_sequence<kMode...>) {
  return {{{executeStore<T, static_cast<Mode>(kMode), false>, executeStore<T, static_cast<Mode>(kMode), true>}...}};
}

/** By size and extension; sign extension of 8 bytes, and of 4 bytes to 32 bits, does not exist. */
template <template <class> class Pick, class Result>
Result ofForm(unsigned sizeLog2, Extend extend) {
  if (extend == Extend::kSignTo64) {
    if (sizeLog2 == 0) return Pick<Form<int8_t, int64_t>>::value();
    if (sizeLog2 == 1) return Pick<Form<int16_t, int64_t>>::value();
    return Pick<Form<int32_t, int64_t>>::value();
  }
  if (extend == Extend::kSignTo32) {
    if (sizeLog2 == 0) return Pick<Form<int8_t, uint32_t>>::value();
    return Pick<Form<int16_t, uint32_t>>::value();
  }
  if (sizeLog2 == 0) return Pick<Form<uint8_t, uint64_t>>::value();
  if (sizeLog2 == 1) return Pick<Form<uint16_t, uint64_t>>::value();
  if (sizeLog2 == 2) return Pick<Form<uint32_t, uint64_t>>::value();
  return Pick<Form<uint64_t, uint64_t>>::value();
}

template <class F>
struct PickLoad {
  static const Modes* value() {
    static constexpr Modes kTable = loadModes<F>(std::make_index_sequence<kModes>{});
    return &kTable;
  }
};

template <class F>
struct PickUnprivileged {
  static Handler value() { return executeLoadUnprivileged<F>; }
};

void nothing(Cpu& cpu, const Op* op) { return next(cpu, op); }

}  // namespace

Handler load(unsigned sizeLog2, Extend extend, Mode mode, bool onStack) {
  return (*ofForm<PickLoad, const Modes*>(sizeLog2, extend))[static_cast<unsigned>(mode)][onStack];
}

Handler store(unsigned sizeLog2, Mode mode, bool onStack) {
  constexpr auto kAll = std::make_index_sequence<kModes>{};
  static constexpr Modes kTables[4] = {storeModes<uint8_t>(kAll), storeModes<uint16_t>(kAll), storeModes<uint32_t>(kAll),
                                       storeModes<uint64_t>(kAll)};
  return kTables[sizeLog2][static_cast<unsigned>(mode)][onStack];
}

Handler loadUnprivileged(unsigned sizeLog2, Extend extend) {
  return ofForm<PickUnprivileged, Handler>(sizeLog2, extend);
}

Handler storeUnprivileged(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {executeStoreUnprivileged<uint8_t>, executeStoreUnprivileged<uint16_t>,
                                        executeStoreUnprivileged<uint32_t>, executeStoreUnprivileged<uint64_t>};
  return kSizes[sizeLog2];
}

Handler prefetch() { return nothing; }

}  // namespace cellvisor::machine::loadstore
