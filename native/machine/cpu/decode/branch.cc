#include "../integer/handlers.h"
#include "../state.h"
#include "../system/handlers.h"
#include "decode.h"

// Branches and exception generation (Arm ARM C4.1.89).

namespace cellvisor::machine {
namespace {

bool immediate(uint32_t insn, uint64_t pc, Op& op, Flow& flow) {
  op.imm = pc + static_cast<uint64_t>(signExtend(uint64_t{bits(insn, 25, 0)} << 2, 28));
  op.run = integer::branch(bit(insn, 31));
  flow = Flow::kDirect;
  return true;
}

bool conditional(uint32_t insn, uint64_t pc, Op& op, Flow& flow) {
  if (bit(insn, 24) || bit(insn, 4)) return false;
  op.imm = pc + static_cast<uint64_t>(signExtend(uint64_t{bits(insn, 23, 5)} << 2, 21));
  op.run = integer::branchConditional(bits(insn, 3, 0));
  flow = Flow::kConditional;
  return true;
}

bool compareOrTest(uint32_t insn, uint64_t pc, Op& op, Flow& flow) {
  op.rd = source(bits(insn, 4, 0));
  if (bit(insn, 25)) {
    op.rm = static_cast<uint8_t>((bit(insn, 31) ? 32 : 0) | bits(insn, 23, 19));
    op.imm = pc + static_cast<uint64_t>(signExtend(uint64_t{bits(insn, 18, 5)} << 2, 16));
    op.run = integer::testAndBranch(bit(insn, 24));
  } else {
    op.imm = pc + static_cast<uint64_t>(signExtend(uint64_t{bits(insn, 23, 5)} << 2, 21));
    op.run = integer::compareAndBranch(bit(insn, 31), bit(insn, 24));
  }
  flow = Flow::kConditional;
  return true;
}

bool throughRegister(uint32_t insn, Op& op, Flow& flow) {
  const unsigned opc = bits(insn, 24, 21);
  if (bits(insn, 20, 16) != 31 || bits(insn, 15, 10) != 0 || bits(insn, 4, 0) != 0) return false;
  flow = Flow::kEnd;
  op.rn = source(bits(insn, 9, 5));
  switch (opc) {
    case 0:
    case 2: op.run = integer::branchRegister(false); return true;
    case 1: op.run = integer::branchRegister(true); return true;
    case 4: op.run = system::exceptionReturn(); return bits(insn, 9, 5) == 31;
    default: return false;  // 5 is DRPS, undefined outside debug state
  }
}

/** HLT and DCPS are undefined as well: nothing can bring this CPU into debug state. */
bool exception(uint32_t insn, Op& op, Flow& flow) {
  if (bits(insn, 4, 2) != 0) return false;
  op.imm = bits(insn, 20, 5);
  flow = Flow::kEnd;
  switch (bits(insn, 23, 21) << 2 | bits(insn, 1, 0)) {
    case 1: op.run = system::supervisorCall(); return true;
    case 2: op.run = system::hypervisorCall(); return true;
    case 3: op.run = system::secureMonitorCall(); return true;
    case 4: op.run = system::breakpoint(); return true;
    default: return false;
  }
}

}  // namespace

bool decodeBranch(uint32_t insn, uint64_t pc, Op& op, Flow& flow) {
  switch (bits(insn, 31, 29)) {
    case 0:
    case 4: return immediate(insn, pc, op, flow);
    case 1:
    case 5: return compareOrTest(insn, pc, op, flow);
    case 2: return !bit(insn, 25) && conditional(insn, pc, op, flow);
    case 6:
      if (bit(insn, 25)) return throughRegister(insn, op, flow);
      if (!bit(insn, 24)) return exception(insn, op, flow);
      return bits(insn, 23, 22) == 0 && decodeSystem(insn, op, flow);
    default: return false;
  }
}

}  // namespace cellvisor::machine
