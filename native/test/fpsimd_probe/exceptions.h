#pragma once

#include <iterator>

#include "exchange.h"

namespace cellvisor::probe {

/** Where QEMU 7.2 is known to differ from the Arm ARM, which the core follows. */
struct KnownDifference {
  uint32_t mask, value;
  bool (*applies)(const probe_case& before, const probe_state& qemu);
  const char* reason;
};

inline const KnownDifference* exceptionFor(const probe_case&, const probe_state&) { return nullptr; }

}  // namespace cellvisor::probe
