#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "machine/cpu/environment.h"

namespace cellvisor::machine {
class Vcpu;
}

namespace cellvisor::machine::traps {

/**
 * Prints the report of a violation (jailhouse-hypervisor reference 9) as one piece, parks the CPU and marks it failed.
 * `cause` is a full line or empty. `abortAddress`: the intermediate physical address of a stage-2 abort.
 */
Trap forbiddenAccess(Vcpu& vcpu, const std::string& cause, std::optional<uint64_t> abortAddress = std::nullopt);
Trap unhandledTrap(Vcpu& vcpu, const std::string& cause, std::optional<uint64_t> abortAddress = std::nullopt);
/** Not an exception at all: the emulator itself cannot go on. */
Trap emulatorFailure(Vcpu& vcpu, const std::string& cause);

}  // namespace cellvisor::machine::traps
