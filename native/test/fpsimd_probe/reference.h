#pragma once

#include <sys/types.h>

#include "exchange.h"

namespace cellvisor::probe {

/** guest.c under qemu-aarch64, as a Cortex-A53. Throws std::runtime_error when it cannot be started or dies. */
class Reference {
 public:
  explicit Reference(const char* guestProgram);
  ~Reference();
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  void send(const probe_case* cases, uint32_t count);
  void receive(probe_case* cases, uint32_t count);

 private:
  pid_t process_ = -1;
  int input_ = -1, output_ = -1;
};

}  // namespace cellvisor::probe
