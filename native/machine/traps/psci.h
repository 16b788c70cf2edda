#pragma once

#include "machine/cpu/environment.h"

namespace cellvisor::machine {
class Vcpu;
}

namespace cellvisor::machine::traps {

/** PSCI 1.1 as Jailhouse emulates it for cells (jailhouse-hypervisor reference 5). */
Trap psciCall(Vcpu& vcpu);

}  // namespace cellvisor::machine::traps
