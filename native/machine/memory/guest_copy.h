#pragma once

#include <cstddef>
#include <cstdint>

namespace cellvisor::machine {

/**
 * Copies between guest memory and host buffers while guests may be running. As on hardware, a byte that a guest writes at
 * the same moment is read old or new; every access is a relaxed atomic one, so the compiler and the race detector know.
 */
inline void copyFromGuest(uint8_t* target, const uint8_t* guest, size_t lengthBytes) {
  size_t done = 0;
  while (done < lengthBytes && (reinterpret_cast<uintptr_t>(guest + done) & 7) != 0) {
    target[done] = __atomic_load_n(guest + done, __ATOMIC_RELAXED);
    done++;
  }
  for (; done + 8 <= lengthBytes; done += 8) {
    const uint64_t word = __atomic_load_n(reinterpret_cast<const uint64_t*>(guest + done), __ATOMIC_RELAXED);
    __builtin_memcpy(target + done, &word, 8);
  }
  for (; done < lengthBytes; done++) target[done] = __atomic_load_n(guest + done, __ATOMIC_RELAXED);
}

inline void copyToGuest(uint8_t* guest, const uint8_t* source, size_t lengthBytes) {
  size_t done = 0;
  while (done < lengthBytes && (reinterpret_cast<uintptr_t>(guest + done) & 7) != 0) {
    __atomic_store_n(guest + done, source[done], __ATOMIC_RELAXED);
    done++;
  }
  for (; done + 8 <= lengthBytes; done += 8) {
    uint64_t word = 0;
    __builtin_memcpy(&word, source + done, 8);
    __atomic_store_n(reinterpret_cast<uint64_t*>(guest + done), word, __ATOMIC_RELAXED);
  }
  for (; done < lengthBytes; done++) __atomic_store_n(guest + done, source[done], __ATOMIC_RELAXED);
}

}  // namespace cellvisor::machine
