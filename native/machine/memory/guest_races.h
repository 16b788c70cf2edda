#pragma once

#include <cstddef>

#if defined(__SANITIZE_THREAD__)
extern "C" void AnnotateBenignRaceSized(const char* file, int line, const volatile void* address, unsigned long sizeBytes,
                                        const char* description);
#endif

namespace cellvisor::machine {

/**
 * Tells the race detector that guests may race in these pages: what two CPUs of a cell, or a cell and the outside, do to
 * each other's memory is their affair and has the outcomes that the host's hardware gives it.
 */
inline void guestsMayRace([[maybe_unused]] void* start, [[maybe_unused]] size_t sizeBytes) {
#if defined(__SANITIZE_THREAD__)
  AnnotateBenignRaceSized(__FILE__, __LINE__, start, sizeBytes, "guest memory");
#endif
}

}  // namespace cellvisor::machine
