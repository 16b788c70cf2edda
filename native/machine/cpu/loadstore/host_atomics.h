#pragma once

#include <cstdint>

namespace cellvisor::machine::loadstore {

/** Two adjacent 64-bit words, the one at the lower address first. */
struct WordPair {
  uint64_t low, high;
};

/**
 * Compare-and-swap of 16 bytes, sequentially consistent. `expected` receives what was there. The compiler's own builtins
 * would call a library that takes a lock here, which a plain 8-byte access by another CPU would not respect.
 */
inline bool compareAndSwap16(void* address, WordPair& expected, WordPair desired) {
#if defined(__x86_64__)
  bool swapped;
  __asm__ __volatile__("lock cmpxchg16b %1"
                       : "=@ccz"(swapped), "+m"(*static_cast<volatile WordPair*>(address)), "+a"(expected.low),
                         "+d"(expected.high)
                       : "b"(desired.low), "c"(desired.high)
                       : "memory");
  return swapped;
#elif defined(__aarch64__)
  WordPair seen;
  uint32_t failed;
  bool equal;
  do {
    __asm__ __volatile__("ldaxp %0, %1, [%2]" : "=&r"(seen.low), "=&r"(seen.high) : "r"(address) : "memory");
    equal = seen.low == expected.low && seen.high == expected.high;
    const WordPair value = equal ? desired : seen;
    __asm__ __volatile__("stlxp %w0, %1, %2, [%3]"
                         : "=&r"(failed)
                         : "r"(value.low), "r"(value.high), "r"(address)
                         : "memory");
  } while (failed != 0);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  expected = seen;
  return equal;
#else
#error "no 16-byte compare-and-swap for this host"
#endif
}

}  // namespace cellvisor::machine::loadstore
