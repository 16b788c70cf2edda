#pragma once

namespace cellvisor::machine {

/** Names the calling thread and asks the kernel for exact wake-ups: the default slack of 50 us would be timer jitter. */
void prepareThread(const char* name);

}  // namespace cellvisor::machine
