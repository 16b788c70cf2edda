#pragma once

#include <string>

#include "machine/cpu/environment.h"

namespace cellvisor::machine {
class Vcpu;
}

namespace cellvisor::machine::traps {

/**
 * Prints the report of a violation (jailhouse-hypervisor reference 9) as one piece, parks the CPU and marks it failed.
 * `cause` is a full line or empty.
 */
Trap forbiddenAccess(Vcpu& vcpu, const std::string& cause);
Trap unhandledTrap(Vcpu& vcpu, const std::string& cause);
/** Not an exception at all: the emulator itself cannot go on. */
Trap emulatorFailure(Vcpu& vcpu, const std::string& cause);

}  // namespace cellvisor::machine::traps
