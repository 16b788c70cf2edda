#pragma once

#include "../op.h"

namespace cellvisor::machine::system {

/** SVC, HVC, SMC, BRK: imm is the immediate. */
Handler supervisorCall();
Handler hypervisorCall();
Handler secureMonitorCall();
Handler breakpoint();
Handler exceptionReturn();

Handler nothing();
Handler waitForInterrupt();
Handler waitForEvent();
/** SEV and SEVL. */
Handler sendEvent();
Handler clearExclusive();
/** DMB and DSB: imm is CRm. */
Handler memoryBarrier();
Handler instructionBarrier();

/** MSR DAIFSet, DAIFClr and SPSel: imm is CRm. */
Handler setMask();
Handler clearMask();
Handler selectStackPointer();

/** MRS (rd) and MSR (rn): imm points at a SystemRegister. */
Handler readRegister();
Handler writeRegister();
/** The same for a register that exists on the CPU but is not modelled. */
Handler unmodelledRegister();
/** SYS: imm points at a SystemInstruction, rn is the operand. */
Handler systemInstruction();

}  // namespace cellvisor::machine::system
