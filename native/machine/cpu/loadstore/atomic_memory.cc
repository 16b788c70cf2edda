#include <array>
#include <type_traits>
#include <utility>

#include "address.h"
#include "host_atomics.h"

// LSE (Armv8.1). Sequentially consistent whatever the A and R bits say: more order than asked for is never wrong.

namespace cellvisor::machine::loadstore {
namespace {

uint8_t* hostOf(Cpu& cpu, const Op* op, unsigned sizeBytes) {
  if (op->rn == kStackPointer && !cpu.stackAligned()) {
    cpu.stackAlignmentFault(op);
    return nullptr;
  }
  return cpu.atomicPointer(op, cpu.state().x[op->rn], sizeBytes, Access::kWrite);
}

template <class T, AtomicOperation kOperation>
T greatestOrLeast(T* memory, T operand) {
  using S = std::make_signed_t<T>;
  T seen = __atomic_load_n(memory, __ATOMIC_SEQ_CST), wanted;
  do {
    const bool less = kOperation == AtomicOperation::kSignedMax || kOperation == AtomicOperation::kSignedMin
                          ? static_cast<S>(operand) < static_cast<S>(seen)
                          : operand < seen;
    const bool isMax = kOperation == AtomicOperation::kSignedMax || kOperation == AtomicOperation::kUnsignedMax;
    wanted = less != isMax ? operand : seen;
  } while (!__atomic_compare_exchange_n(memory, &seen, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  return seen;
}

template <class T, AtomicOperation kOperation>
void execute(Cpu& cpu, const Op* op) {
  uint8_t* host = hostOf(cpu, op, sizeof(T));
  if (host == nullptr) return;
  T* memory = reinterpret_cast<T*>(host);
  const T operand = static_cast<T>(cpu.state().x[op->rm]);
  T before;
  switch (kOperation) {
    case AtomicOperation::kAdd: before = __atomic_fetch_add(memory, operand, __ATOMIC_SEQ_CST); break;
    case AtomicOperation::kClear: before = __atomic_fetch_and(memory, static_cast<T>(~operand), __ATOMIC_SEQ_CST); break;
    case AtomicOperation::kXor: before = __atomic_fetch_xor(memory, operand, __ATOMIC_SEQ_CST); break;
    case AtomicOperation::kSet: before = __atomic_fetch_or(memory, operand, __ATOMIC_SEQ_CST); break;
    case AtomicOperation::kSwap: before = __atomic_exchange_n(memory, operand, __ATOMIC_SEQ_CST); break;
    default: before = greatestOrLeast<T, kOperation>(memory, operand); break;
  }
  cpu.state().x[op->rd] = before;
  return next(cpu, op);
}

template <class T>
void compareSwap(Cpu& cpu, const Op* op) {
  uint8_t* host = hostOf(cpu, op, sizeof(T));
  if (host == nullptr) return;
  CpuState& state = cpu.state();
  T seen = static_cast<T>(state.x[op->rm]);
  __atomic_compare_exchange_n(reinterpret_cast<T*>(host), &seen, static_cast<T>(state.x[op->rd]), false,
                              __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  state.x[op->ra] = seen;
  return next(cpu, op);
}

/** Registers 30 and 31 make the last pair, so the second one's slots depend on the number. */
constexpr uint8_t secondSource(uint8_t first) { return first == 30 ? static_cast<uint8_t>(kZero) : first + 1; }
constexpr uint8_t secondDestination(uint8_t first) { return first == 30 ? static_cast<uint8_t>(kDiscard) : first + 1; }

template <class T>
void compareSwapPair(Cpu& cpu, const Op* op) {
  uint8_t* host = hostOf(cpu, op, 2 * sizeof(T));
  if (host == nullptr) return;
  CpuState& state = cpu.state();
  const uint64_t low = state.x[op->rd], high = state.x[secondSource(op->rd)];
  WordPair seen{state.x[op->rm], state.x[secondSource(op->rm)]};
  if constexpr (sizeof(T) == 4) {
    uint64_t both = uint64_t{static_cast<uint32_t>(seen.low)} | seen.high << 32;
    __atomic_compare_exchange_n(reinterpret_cast<uint64_t*>(host), &both,
                                uint64_t{static_cast<uint32_t>(low)} | high << 32, false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    seen = {static_cast<uint32_t>(both), both >> 32};
  } else {
    compareAndSwap16(host, seen, {low, high});
  }
  state.x[op->rm] = seen.low;
  state.x[secondDestination(op->rm)] = seen.high;
  return next(cpu, op);
}

template <class T, size_t... kOperation>
constexpr std::array<Handler, 9> operations(std::index_sequence<kOperation...>) {
  return {execute<T, static_cast<AtomicOperation>(kOperation)>...};
}

}  // namespace

Handler atomicMemory(AtomicOperation operation, unsigned sizeLog2) {
  constexpr auto kAll = std::make_index_sequence<9>{};
  static constexpr std::array<Handler, 9> kSizes[4] = {operations<uint8_t>(kAll), operations<uint16_t>(kAll),
                                                       operations<uint32_t>(kAll), operations<uint64_t>(kAll)};
  return kSizes[sizeLog2][static_cast<unsigned>(operation)];
}

Handler compareAndSwap(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {compareSwap<uint8_t>, compareSwap<uint16_t>, compareSwap<uint32_t>,
                                        compareSwap<uint64_t>};
  return kSizes[sizeLog2];
}

Handler compareAndSwapPair(unsigned sizeLog2) { return sizeLog2 == 3 ? compareSwapPair<uint64_t> : compareSwapPair<uint32_t>; }

}  // namespace cellvisor::machine::loadstore
