#pragma once

#include <signal.h>

namespace bridge::registers {

/// From now on, a fault is first shown to `isHandled`; what it does not know goes to the program's own handler.
void watchFaults(bool (*isHandled)(siginfo_t* info, void* context));

}  // namespace bridge::registers
