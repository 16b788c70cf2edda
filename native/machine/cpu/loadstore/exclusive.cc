#include "address.h"
#include "host_atomics.h"

// Load-exclusive remembers host address and value, store-exclusive is a compare-and-swap against that value: a store by
// another CPU in between makes it fail unless it left the same bytes.

namespace cellvisor::machine::loadstore {
namespace {

bool stackFaults(Cpu& cpu, const Op* op) {
  if (op->rn != kStackPointer || cpu.stackAligned()) return false;
  cpu.stackAlignmentFault(op);
  return true;
}

template <class T, bool kAcquire>
void load(Cpu& cpu, const Op* op) {
  if (stackFaults(cpu, op)) return;
  uint8_t* host = cpu.atomicPointer(op, cpu.state().x[op->rn], sizeof(T), Access::kRead);
  if (host == nullptr) return;
  const T value = __atomic_load_n(reinterpret_cast<T*>(host), kAcquire ? __ATOMIC_ACQUIRE : __ATOMIC_RELAXED);
  cpu.monitor = {host, sizeof(T), value, 0};
  cpu.state().x[op->rd] = value;
  return next(cpu, op);
}

template <class T, bool kAcquire>
void loadPair(Cpu& cpu, const Op* op) {
  if (stackFaults(cpu, op)) return;
  uint8_t* host = cpu.atomicPointer(op, cpu.state().x[op->rn], 2 * sizeof(T), Access::kRead);
  if (host == nullptr) return;
  CpuState& state = cpu.state();
  if constexpr (sizeof(T) == 4) {
    const uint64_t both = __atomic_load_n(reinterpret_cast<uint64_t*>(host), kAcquire ? __ATOMIC_ACQUIRE : __ATOMIC_RELAXED);
    cpu.monitor = {host, 8, both, 0};
    state.x[op->ra] = both >> 32;
    state.x[op->rd] = static_cast<uint32_t>(both);
  } else {
    // The halves may come from two different stores; then the store-exclusive fails.
    const uint64_t* words = reinterpret_cast<const uint64_t*>(host);
    const uint64_t low = __atomic_load_n(words, __ATOMIC_ACQUIRE), high = __atomic_load_n(words + 1, __ATOMIC_ACQUIRE);
    cpu.monitor = {host, 16, low, high};
    state.x[op->ra] = high;
    state.x[op->rd] = low;
  }
  return next(cpu, op);
}

/**
 * The host address if the monitor is set for it; `stop` if an exception was taken. The monitor is consumed. Without a
 * monitor the store fails before anything is known about the address, as implementations may (C6.2.391, STXR).
 */
uint8_t* claim(Cpu& cpu, const Op* op, unsigned sizeBytes, Cpu::Monitor& monitor, bool& stop) {
  const uint64_t address = cpu.state().x[op->rn];
  monitor = cpu.monitor;
  cpu.monitor = {};
  stop = false;
  if (monitor.host == nullptr || monitor.sizeBytes != sizeBytes) return nullptr;
  uint8_t* host = cpu.atomicPointer(op, address, sizeBytes, Access::kWrite);
  stop = host == nullptr;
  // The store has not been tried: it will be once the debugger has looked.
  if (stop && cpu.stopsForDebug()) cpu.monitor = monitor;
  return host == monitor.host ? host : nullptr;
}

template <class T>
void store(Cpu& cpu, const Op* op) {
  if (stackFaults(cpu, op)) return;
  Cpu::Monitor monitor;
  bool stop;
  uint8_t* host = claim(cpu, op, sizeof(T), monitor, stop);
  if (stop) return;
  T expected = static_cast<T>(monitor.low);
  const bool stored =
      host != nullptr && __atomic_compare_exchange_n(reinterpret_cast<T*>(host), &expected,
                                                     static_cast<T>(cpu.state().x[op->rd]), false, __ATOMIC_SEQ_CST,
                                                     __ATOMIC_SEQ_CST);
  cpu.state().x[op->rm] = stored ? 0 : 1;
  return next(cpu, op);
}

template <class T>
void storePair(Cpu& cpu, const Op* op) {
  if (stackFaults(cpu, op)) return;
  Cpu::Monitor monitor;
  bool stop;
  uint8_t* host = claim(cpu, op, 2 * sizeof(T), monitor, stop);
  if (stop) return;
  CpuState& state = cpu.state();
  bool stored = host != nullptr;
  if constexpr (sizeof(T) == 4) {
    const uint64_t both = uint64_t{static_cast<uint32_t>(state.x[op->rd])} | state.x[op->ra] << 32;
    stored = stored && __atomic_compare_exchange_n(reinterpret_cast<uint64_t*>(host), &monitor.low, both, false,
                                                   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  } else {
    WordPair expected{monitor.low, monitor.high};
    stored = stored && compareAndSwap16(host, expected, {state.x[op->rd], state.x[op->ra]});
  }
  state.x[op->rm] = stored ? 0 : 1;
  return next(cpu, op);
}

template <bool kAcquire>
Handler pickLoad(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {load<uint8_t, kAcquire>, load<uint16_t, kAcquire>, load<uint32_t, kAcquire>,
                                        load<uint64_t, kAcquire>};
  return kSizes[sizeLog2];
}

}  // namespace

Handler loadExclusive(unsigned sizeLog2, bool acquire) { return acquire ? pickLoad<true>(sizeLog2) : pickLoad<false>(sizeLog2); }

Handler storeExclusive(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {store<uint8_t>, store<uint16_t>, store<uint32_t>, store<uint64_t>};
  return kSizes[sizeLog2];
}

Handler loadExclusivePair(unsigned sizeLog2, bool acquire) {
  if (sizeLog2 == 3) return acquire ? loadPair<uint64_t, true> : loadPair<uint64_t, false>;
  return acquire ? loadPair<uint32_t, true> : loadPair<uint32_t, false>;
}

Handler storeExclusivePair(unsigned sizeLog2) { return sizeLog2 == 3 ? storePair<uint64_t> : storePair<uint32_t>; }

}  // namespace cellvisor::machine::loadstore
