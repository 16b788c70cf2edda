#pragma once

#include <cstdint>

#include "machine/cpu/environment.h"

namespace cellvisor::machine {
class Vcpu;
}

/**
 * The hypervisor's trap handlers for guests (jailhouse-hypervisor reference 1): each runs on the thread of the vCPU that
 * trapped and counts the exit.
 */
namespace cellvisor::machine::traps {

Trap dataAbort(Vcpu& vcpu, DataAbort& abort);
Trap instructionAbort(Vcpu& vcpu, uint64_t intermediateAddress);
Trap hypercall(Vcpu& vcpu, uint16_t immediate);
Trap secureCall(Vcpu& vcpu);
Trap systemRegister(Vcpu& vcpu, uint32_t iss, bool isWrite, uint64_t value);
Trap unimplemented(Vcpu& vcpu, uint32_t insn, const char* what);

}  // namespace cellvisor::machine::traps
