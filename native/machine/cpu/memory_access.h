#pragma once

#include <cstring>

#include "cpu.h"

// Guest memory is shared by host threads. A memcpy of 1, 2, 4 or 8 bytes compiles to one host instruction, which is as
// atomic as the guest's own plain access would be; whoever needs more uses LDAR, STLR, exclusives or barriers.

namespace cellvisor::machine {

template <class T>
inline bool Cpu::load(const Op* op, uint64_t virtualAddress, T& value) {
  const TlbEntry& entry = tables_->read.at(virtualAddress);
  if (__builtin_expect(entry.admits(virtualAddress, sizeof(T), sizeof(T)), 1)) {
    std::memcpy(&value, entry.host(virtualAddress), sizeof(T));
    return true;
  }
  if (!loadSlow(op, virtualAddress, sizeof(T), exceptionLevel_)) return false;
  std::memcpy(&value, &transfer_, sizeof(T));
  return true;
}

template <class T>
inline bool Cpu::store(const Op* op, uint64_t virtualAddress, const T& value) {
  const TlbEntry& entry = tables_->write.at(virtualAddress);
  if (__builtin_expect(entry.admits(virtualAddress, sizeof(T), sizeof(T)), 1)) {
    std::memcpy(entry.host(virtualAddress), &value, sizeof(T));
    return true;
  }
  std::memcpy(&transfer_, &value, sizeof(T));
  return storeSlow(op, virtualAddress, sizeof(T), exceptionLevel_);
}

template <class T>
inline bool Cpu::loadAs(unsigned level, const Op* op, uint64_t virtualAddress, T& value) {
  const TlbEntry& entry = tablesOfLevel_[level].read.at(virtualAddress);
  if (entry.admits(virtualAddress, sizeof(T), sizeof(T))) {
    std::memcpy(&value, entry.host(virtualAddress), sizeof(T));
    return true;
  }
  if (!loadSlow(op, virtualAddress, sizeof(T), level)) return false;
  std::memcpy(&value, &transfer_, sizeof(T));
  return true;
}

template <class T>
inline bool Cpu::storeAs(unsigned level, const Op* op, uint64_t virtualAddress, const T& value) {
  const TlbEntry& entry = tablesOfLevel_[level].write.at(virtualAddress);
  if (entry.admits(virtualAddress, sizeof(T), sizeof(T))) {
    std::memcpy(entry.host(virtualAddress), &value, sizeof(T));
    return true;
  }
  std::memcpy(&transfer_, &value, sizeof(T));
  return storeSlow(op, virtualAddress, sizeof(T), level);
}

template <class T>
inline bool Cpu::loadPair(const Op* op, uint64_t virtualAddress, T& first, T& second) {
  const TlbEntry& entry = tables_->read.at(virtualAddress);
  if (__builtin_expect(entry.admits(virtualAddress, 2 * sizeof(T), sizeof(T)), 1)) {
    const uint8_t* host = entry.host(virtualAddress);
    std::memcpy(&first, host, sizeof(T));
    std::memcpy(&second, host + sizeof(T), sizeof(T));
    return true;
  }
  return load(op, virtualAddress, first) && load(op, virtualAddress + sizeof(T), second);
}

template <class T>
inline bool Cpu::storePair(const Op* op, uint64_t virtualAddress, T first, T second) {
  const TlbEntry& entry = tables_->write.at(virtualAddress);
  if (__builtin_expect(entry.admits(virtualAddress, 2 * sizeof(T), sizeof(T)), 1)) {
    uint8_t* host = entry.host(virtualAddress);
    std::memcpy(host, &first, sizeof(T));
    std::memcpy(host + sizeof(T), &second, sizeof(T));
    return true;
  }
  return store(op, virtualAddress, first) && store(op, virtualAddress + sizeof(T), second);
}

}  // namespace cellvisor::machine
