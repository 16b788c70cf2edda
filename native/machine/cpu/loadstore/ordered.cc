#include <atomic>

#include "address.h"

namespace cellvisor::machine::loadstore {
namespace {

template <class T>
void acquire(Cpu& cpu, const Op* op) {
  if (op->rn == kStackPointer && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  const uint64_t address = cpu.state().x[op->rn];
  T value;
  if (!cpu.requireAligned(op, address, sizeof(T), Access::kRead) || !cpu.load(op, address, value)) return;
  std::atomic_thread_fence(std::memory_order_acquire);
  cpu.state().x[op->rd] = value;
  return cpu.proceed(op);
}

/** The second fence keeps a later load-acquire behind this store, as Armv8 demands. */
template <class T>
void release(Cpu& cpu, const Op* op) {
  if (op->rn == kStackPointer && !cpu.stackAligned()) return cpu.stackAlignmentFault(op);
  const uint64_t address = cpu.state().x[op->rn];
  std::atomic_thread_fence(std::memory_order_release);
  if (!cpu.requireAligned(op, address, sizeof(T), Access::kWrite)) return;
  if (!cpu.store(op, address, static_cast<T>(cpu.state().x[op->rd]))) return;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return cpu.proceed(op);
}

}  // namespace

Handler loadAcquire(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {acquire<uint8_t>, acquire<uint16_t>, acquire<uint32_t>, acquire<uint64_t>};
  return kSizes[sizeLog2];
}

Handler storeRelease(unsigned sizeLog2) {
  static constexpr Handler kSizes[4] = {release<uint8_t>, release<uint16_t>, release<uint32_t>, release<uint64_t>};
  return kSizes[sizeLog2];
}

}  // namespace cellvisor::machine::loadstore
