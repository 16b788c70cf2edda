#include "decode.h"

#include "../cpu.h"

namespace cellvisor::machine {
namespace {

void takeUndefined(Cpu& cpu, const Op* op) { return cpu.undefined(op); }

/** The top-level table, by op0 = bits 28..25 (Arm ARM C4.1). */
bool decodeGroup(uint32_t insn, uint64_t pc, Op& op, Flow& flow) {
  switch (bits(insn, 28, 25)) {
    case 0x8:
    case 0x9: return decodeDataProcessingImmediate(insn, pc, op);
    case 0xa:
    case 0xb: return decodeBranch(insn, pc, op, flow);
    case 0x4:
    case 0xc: return decodeLoadStore(insn, pc, op);
    case 0x5:
    case 0xd: return decodeDataProcessingRegister(insn, op);
    case 0x6:
    case 0xe:
    case 0x7:
    case 0xf: return decodeFpSimd(insn, op);
    default: return false;
  }
}

}  // namespace

Flow decode(uint32_t insn, uint64_t pc, Op& op) {
  Flow flow = Flow::kNext;
  op.insn = insn;
  if (decodeGroup(insn, pc, op, flow)) return flow;
  op = Op{};
  op.insn = insn;
  op.run = takeUndefined;
  return Flow::kEnd;
}

}  // namespace cellvisor::machine
